/* The binary interface of MPI 5.0 over MPICH's library, as far as the tests need it: a handle is a pointer that MPICH would not take, a status has the
 * sender first, and what is no handle of this interface is refused. Handles are those of the standard's appendix A. */
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

typedef intptr_t handle;
typedef struct { int source, tag, error, internal[5]; } status;
typedef struct { int count, count_high, source, tag, error; } status_of_mpich;

enum { world = 0x101, byte = 0x247, errors_return = 0x142, no_request = 0x180, funneled = 1024, any_source = -1, refused = 99 };

static void *mpich(const char *name) {
  static void *library;
  if (!library) library = dlopen("libmpich.so.12", RTLD_NOW | RTLD_GLOBAL);
  return dlsym(library, name);
}

#define MPICH(name, parameters) ((int (*) parameters)mpich(#name))
#define WORLD 0x44000000
#define BYTE 0x4c00010d

static void give(status *to, const status_of_mpich *from) {
  to->source = from->source; to->tag = from->tag; to->error = from->error;
  to->internal[0] = from->count; to->internal[1] = from->count_high;
}

int MPI_Get_library_version(char *text, int *length) { return MPICH(MPI_Get_library_version, (char *, int *))(text, length); }
int MPI_Error_string(int code, char *text, int *length) { return MPICH(MPI_Error_string, (int, char *, int *))(code, text, length); }
int MPI_Initialized(int *is) { return MPICH(MPI_Initialized, (int *))(is); }
int MPI_Init_thread(int *argc, char ***argv, int wanted, int *given) {
  return wanted == funneled ? MPICH(MPI_Init_thread, (int *, char ***, int, int *))(argc, argv, 1, given) : refused;
}
int MPI_Finalize(void) { return MPICH(MPI_Finalize, (void))(); }
int MPI_Abort(handle comm, int code) { return comm == world ? MPICH(MPI_Abort, (int, int))(WORLD, code) : refused; }
int MPI_Comm_rank(handle comm, int *rank) { return comm == world ? MPICH(MPI_Comm_rank, (int, int *))(WORLD, rank) : refused; }
int MPI_Comm_size(handle comm, int *size) { return comm == world ? MPICH(MPI_Comm_size, (int, int *))(WORLD, size) : refused; }
int MPI_Comm_set_errhandler(handle comm, handle errors) {
  return comm == world && errors == errors_return ? MPICH(MPI_Comm_set_errhandler, (int, int))(WORLD, 0x54000001) : refused;
}

static handle wide(int request) { return ((handle)1 << 40) | (unsigned)request; }

int MPI_Isend(const void *data, int count, handle type, int to, int tag, handle comm, handle *request) {
  int begun, code;
  if (comm != world || type != byte) return refused;
  code = MPICH(MPI_Isend, (const void *, int, int, int, int, int, int *))(data, count, BYTE, to, tag, WORLD, &begun);
  *request = wide(begun);
  return code;
}
int MPI_Irecv(void *data, int count, handle type, int from, int tag, handle comm, handle *request) {
  int begun, code;
  if (comm != world || type != byte) return refused;
  code = MPICH(MPI_Irecv, (void *, int, int, int, int, int, int *))(data, count, BYTE, from, tag, WORLD, &begun);
  *request = wide(begun);
  return code;
}
int MPI_Test(handle *request, int *is_done, status *to) {
  status_of_mpich from;
  int one = (int)*request, code;
  if (!(*request >> 40)) return refused;
  code = MPICH(MPI_Test, (int *, int *, status_of_mpich *))(&one, is_done, &from);
  if (code == 0 && *is_done) { give(to, &from); *request = no_request; }
  return code;
}
int MPI_Cancel(handle *request) { int one = (int)*request; return MPICH(MPI_Cancel, (int *))(&one); }
int MPI_Iprobe(int source, int tag, handle comm, int *is_there, status *to) {
  status_of_mpich from;
  int code;
  if (comm != world || source != any_source) return refused;
  code = MPICH(MPI_Iprobe, (int, int, int, int *, status_of_mpich *))(-2, tag, WORLD, is_there, &from);
  if (code == 0 && *is_there) give(to, &from);
  return code;
}
int MPI_Get_count(const status *of, handle type, int *count) {
  status_of_mpich from = { of->internal[0], of->internal[1], of->source, of->tag, of->error };
  return type == byte ? MPICH(MPI_Get_count, (const status_of_mpich *, int, int *))(&from, BYTE, count) : refused;
}
