// SPDX-License-Identifier: Apache-2.0
/*
 * The run folder: it appears whole or not at all, and the one before it stays until then.
 *
 * The files of a run are written into a hidden staging folder beside the target,
 * ".NAME.emptor-PID-N". The commit syncs them and puts the folder in the target's place by one
 * rename. The staging folder is locked (flock) as long as its run lives; the lock of a killed run
 * is free, and the next run for the same target removes what it left.
 *
 * A run folder is known by its file run.json: the key "emptor_run" (EMP_RUN_MARK) stands in its
 * first 4096 bytes. Whoever writes run.json writes that key first.
 */
#ifndef EMP_SINK_RUN_FOLDER_H
#define EMP_SINK_RUN_FOLDER_H

#include <emptor/status.h>

#define EMP_RUN_FILE "run.json"
#define EMP_RUN_MARK "emptor_run"

struct emp_run_folder;

/*
 * Makes the staging folder, and the folders above `target` where they are absent (these stay); a
 * symbolic link is followed first. A staging folder takes over the mode of the folder it replaces.
 * EMP_ERR_CREATE if the target is "/", not a folder, the current folder or one above it, or a
 * folder that is neither empty nor a run folder, or if the staging folder cannot be made.
 */
emp_status emp__run_folder_begin(const char *target, struct emp_run_folder **out, emp_error *error);

/* The absolute path of the staging folder. */
const char *emp__run_folder_path(const struct emp_run_folder *folder);

/*
 * The path of the file `name` in the staging folder in *path; the caller frees it. The folders in
 * the name ("models/segment.json") are made; EMP_ERR_CREATE if they cannot be.
 */
emp_status emp__run_folder_file(const struct emp_run_folder *folder, const char *name, char **path,
                                emp_error *error);

/*
 * Syncs every file and folder, puts the staging folder in the target's place and syncs the folder
 * above. A run folder that stands there is exchanged for the new one in one step (renameat2) and
 * then removed; should that fail, a later run for the same target tries again.
 * After a failure (EMP_ERR_IO: syncing; EMP_ERR_CREATE: renaming, or the target is no longer one
 * that may be replaced) the target is as it was and the staging folder is gone; only where the disk
 * fails after the rename and again when that is undone the new folder stays, and the message says
 * so.
 */
emp_status emp__run_folder_commit(struct emp_run_folder *folder, emp_error *error);

/* Removes the staging folder if it has not been committed, and frees. Takes NULL. */
void emp__run_folder_abandon(struct emp_run_folder *folder);

#endif
