// SPDX-License-Identifier: Apache-2.0
#include "base/spill.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/temporary.h"

struct emp_spill {
    const char *folder;
    pthread_mutex_t lock; /* while the file is made */
    _Atomic int descriptor;
    _Atomic uint64_t end;
};

emp_status emp__spill_new(const char *folder, struct emp_spill **out, emp_error *error)
{
    struct emp_spill *spill = NULL;
    emp_status status = emp__new_array(&spill, 1, sizeof *spill, error);
    if (status != EMP_OK)
        return status;
    spill->folder = folder;
    spill->descriptor = -1;
    pthread_mutex_init(&spill->lock, NULL);
    *out = spill;
    return EMP_OK;
}

void emp__spill_free(struct emp_spill *spill)
{
    if (!spill)
        return;
    if (spill->descriptor >= 0)
        close(spill->descriptor);
    pthread_mutex_destroy(&spill->lock);
    free(spill);
}

static emp_status make_file(struct emp_spill *spill, emp_error *error)
{
    emp_status status = EMP_OK;
    pthread_mutex_lock(&spill->lock);
    if (spill->descriptor < 0) {
        int made = -1;
        status = emp__temporary_file(spill->folder, &made, error);
        spill->descriptor = made;
    }
    pthread_mutex_unlock(&spill->lock);
    return status;
}

static emp_status fail_write(const struct emp_spill *spill, emp_error *error)
{
    return emp__fail_errno(error, EMP_ERR_IO, spill->folder,
                           "write a temporary file in the folder");
}

emp_status emp__spill_write(struct emp_spill *spill, const void *bytes, size_t size,
                            uint64_t *place, emp_error *error)
{
    if (spill->descriptor < 0) {
        emp_status status = make_file(spill, error);
        if (status != EMP_OK)
            return status;
    }
    uint64_t begin = atomic_fetch_add(&spill->end, size);
    for (size_t done = 0; done < size;) {
        ssize_t put = pwrite(spill->descriptor, (const char *)bytes + done, size - done,
                             (off_t)(begin + done));
        if (put < 0 && errno != EINTR)
            return fail_write(spill, error);
        done += put > 0 ? (size_t)put : 0;
    }
    *place = begin;
    return EMP_OK;
}

emp_status emp__spill_read(struct emp_spill *spill, uint64_t place, void *out, size_t size,
                           emp_error *error)
{
    for (size_t done = 0; done < size;) {
        ssize_t got =
            pread(spill->descriptor, (char *)out + done, size - done, (off_t)(place + done));
        if (got == 0)
            errno = EIO; /* somebody has cut the file off */
        if (got <= 0 && errno != EINTR)
            return emp__fail_errno(error, EMP_ERR_IO, spill->folder,
                                   "read a temporary file in the folder");
        done += got > 0 ? (size_t)got : 0;
    }
    return EMP_OK;
}

uint64_t emp__spill_bytes(const struct emp_spill *spill)
{
    return spill->end;
}
