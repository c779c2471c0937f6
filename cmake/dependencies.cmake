# SPDX-License-Identifier: Apache-2.0
# Everything emptor links, as one interface target. All of it comes from Debian packages.
find_package(PkgConfig REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(Iconv REQUIRED)

set(emptor_packages "")
foreach(module openblas lapacke yaml-0.1 jansson zlib libzstd libxxhash)
    string(MAKE_C_IDENTIFIER ${module} name)
    pkg_check_modules(${name} IMPORTED_TARGET ${module})
    if(NOT ${name}_FOUND)
        list(APPEND emptor_missing ${module})
    endif()
    list(APPEND emptor_packages PkgConfig::${name})
endforeach()

# libcsv ships no pkg-config file.
find_path(LIBCSV_INCLUDE_DIR csv.h)
find_library(LIBCSV_LIBRARY csv)
if(NOT LIBCSV_INCLUDE_DIR OR NOT LIBCSV_LIBRARY)
    list(APPEND emptor_missing libcsv)
endif()

if(emptor_missing)
    message(FATAL_ERROR "missing libraries: ${emptor_missing}\n"
        "On Debian 12: sh scripts/packages --install. Elsewhere install the development packages of: "
        "OpenBLAS, LAPACKE, libcsv, libyaml, jansson, zlib, zstd, xxHash, cmocka.")
endif()

# On x86-64 xxHash may come with variants for AVX2 and AVX-512, chosen at run time.
include(CheckSymbolExists)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::libxxhash)
check_symbol_exists(XXH3_64bits_update_dispatch xxh_x86dispatch.h EMPTOR_XXHASH_DISPATCH)
unset(CMAKE_REQUIRED_LIBRARIES)

add_library(emptor_dependencies INTERFACE)
if(EMPTOR_XXHASH_DISPATCH)
    target_compile_definitions(emptor_dependencies INTERFACE EMPTOR_XXHASH_DISPATCH)
endif()
target_include_directories(emptor_dependencies SYSTEM INTERFACE ${LIBCSV_INCLUDE_DIR})
target_link_libraries(emptor_dependencies INTERFACE
    ${emptor_packages} ${LIBCSV_LIBRARY} OpenMP::OpenMP_C Iconv::Iconv m)
