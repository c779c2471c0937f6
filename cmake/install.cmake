# SPDX-License-Identifier: Apache-2.0
# The command, the library, its headers, a pkg-config file and a CMake package.
install(TARGETS emptor_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS emptor EXPORT emptor-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/emptor ${CMAKE_BINARY_DIR}/include/emptor
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

file(RELATIVE_PATH EMPTOR_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/emptor.pc.in emptor.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/emptor.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/emptor)
install(EXPORT emptor-targets NAMESPACE emptor:: DESTINATION ${package_dir})
configure_package_config_file(cmake/emptor-config.cmake.in emptor-config.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(emptor-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/emptor-config.cmake
              ${CMAKE_BINARY_DIR}/emptor-config-version.cmake DESTINATION ${package_dir})
