// Makes a chosen call of a program fail that it is loaded into before the C library (LD_PRELOAD).
//   FAULTY_IO="CALL N ERROR LASTS"  CALL: write, fsync, rename, close, open, mkdir or symlink; the N-th of
//   them, from 1;
//                                   ERROR: an errno, or 0 for a write of half the bytes; LASTS: 1 for this
//                                   call and all after it, 0 for this one only
//   FAULTY_IO_BELOW=FOLDER          counts calls on paths below this folder only
//   FAULTY_IO_LOG=FILE              gets the path of every call that failed, one a line
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

namespace {

struct Fault {
  std::string call;
  long at = 0;
  int error = 0;
  bool lasts = false;
  std::string below;
  std::string log;
};

std::string environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

const Fault& fault() {
  static const Fault read = [] {
    Fault made;
    made.below = environment("FAULTY_IO_BELOW") + "/";
    made.log = environment("FAULTY_IO_LOG");
    std::array<char, 16> call{};
    int lasts = 0;
    const std::string text = environment("FAULTY_IO");
    if (std::sscanf(text.c_str(), "%15s %ld %d %d", call.data(), &made.at, &made.error, &lasts) != 4)
      made.at = 0;
    made.call = call.data();
    made.lasts = lasts == 1;
    return made;
  }();
  return read;
}

std::string full_path(const char* path) {
  if (*path == '/') return path;
  std::array<char, 4096> folder{};
  if (::getcwd(folder.data(), folder.size()) == nullptr) return path;
  const std::string name = path;
  return name == "." ? folder.data() : std::string(folder.data()) + "/" + name;
}

std::string path_of(int descriptor) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), path.data(), path.size());
  return length < 0 ? "" : std::string(path.data(), static_cast<std::size_t>(length));
}

void note(const std::string& path) {
  const std::string line = path + "\n";
  // Not by the functions below.
  const long log = ::syscall(SYS_openat, AT_FDCWD, fault().log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (log < 0) std::abort();
  ::syscall(SYS_write, log, line.data(), line.size());
  ::syscall(SYS_close, log);
}

// Whether this call is to fail.
bool fails(const char* call, const std::string& path) {
  static std::atomic<long> count = 0;
  const Fault& chosen = fault();
  if (chosen.at == 0 || chosen.call != call || !path.starts_with(chosen.below)) return false;
  const long number = ++count;
  if (number != chosen.at && !(chosen.lasts && number > chosen.at)) return false;
  note(path);
  return true;
}

template <class Result>
Result failed(Result result) {
  errno = fault().error;
  return result;
}

template <class Function>
Function* real(const char* name) {
  void* const found = ::dlsym(RTLD_NEXT, name);
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function*>(found);
}

mode_t mode_of(int flags, va_list& arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

// Reading files is no concern of these tests, and a folder is opened to be flushed.
bool is_for_reading(int flags) { return (flags & O_ACCMODE) == O_RDONLY && (flags & O_DIRECTORY) == 0; }

int open_at(const char* name, int folder, const char* path, int flags, mode_t mode) {
  if (!is_for_reading(flags) && fails("open", full_path(path))) return failed(-1);
  return real<int(int, const char*, int, ...)>(name)(folder, path, flags, mode);
}

std::FILE* open_file(const char* name, const char* path, const char* mode) {
  if (*mode != 'r' && fails("open", full_path(path))) return failed<std::FILE*>(nullptr);
  return real<std::FILE*(const char*, const char*)>(name)(path, mode);
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
  static auto* const next = real<ssize_t(int, const void*, std::size_t)>("write");
  if (!fails("write", path_of(descriptor))) return next(descriptor, bytes, count);
  if (fault().error != 0) return failed<ssize_t>(-1);
  return next(descriptor, bytes, (count + 1) / 2);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  static auto* const next = real<ssize_t(int, const iovec*, int)>("writev");
  if (!fails("write", path_of(descriptor))) return next(descriptor, parts, count);
  if (fault().error != 0) return failed<ssize_t>(-1);
  const iovec half{.iov_base = parts[0].iov_base, .iov_len = (parts[0].iov_len + 1) / 2};
  return next(descriptor, &half, 1);
}

int fsync(int descriptor) {
  static auto* const next = real<int(int)>("fsync");
  return fails("fsync", path_of(descriptor)) ? failed(-1) : next(descriptor);
}

int fdatasync(int descriptor) {
  static auto* const next = real<int(int)>("fdatasync");
  return fails("fsync", path_of(descriptor)) ? failed(-1) : next(descriptor);
}

int rename(const char* from, const char* to) noexcept {
  static auto* const next = real<int(const char*, const char*)>("rename");
  return fails("rename", full_path(to)) ? failed(-1) : next(from, to);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static auto* const next = real<int(int, const char*, int, const char*)>("renameat");
  return fails("rename", full_path(to)) ? failed(-1) : next(from_folder, from, to_folder, to);
}

// The descriptor is gone whatever close returns.
int close(int descriptor) {
  static auto* const next = real<int(int)>("close");
  const bool fail = !is_for_reading(::fcntl(descriptor, F_GETFL)) && fails("close", path_of(descriptor));
  const int result = next(descriptor);
  return fail ? failed(-1) : result;
}

int fclose(std::FILE* file) {
  static auto* const next = real<int(std::FILE*)>("fclose");
  const bool reading = (::fcntl(::fileno(file), F_GETFL) & O_ACCMODE) == O_RDONLY;
  const bool fail = !reading && fails("close", path_of(::fileno(file)));
  const int result = next(file);
  return fail ? failed(EOF) : result;
}

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at("openat", AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at("openat64", AT_FDCWD, path, flags, mode);
}

std::FILE* fopen(const char* path, const char* mode) { return open_file("fopen", path, mode); }
std::FILE* fopen64(const char* path, const char* mode) { return open_file("fopen64", path, mode); }

int symlink(const char* to, const char* path) noexcept {
  static auto* const next = real<int(const char*, const char*)>("symlink");
  return fails("symlink", full_path(path)) ? failed(-1) : next(to, path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const next = real<int(const char*, mode_t)>("mkdir");
  return fails("mkdir", full_path(path)) ? failed(-1) : next(path, mode);
}

}  // extern "C"
