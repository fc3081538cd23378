#include "soap/io/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sys/file.h>
#include <sys/stat.h>

#include "soap/base/error.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/io/atomic_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace fs = std::filesystem;

namespace {

constexpr const char* folder_or_new = "a folder or a new name";

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

[[noreturn]] void fail_making(const fs::path& path, int error) {
  throw IoError(path.string(), IoError::no_offset,
                "a folder that cannot be made (" + std::generic_category().message(error) + ")",
                "one that can");
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

void make_folder(const fs::path& path) {
  std::vector<fs::path> missing;
  fs::path folder = path;
  // "a/b/" is the folder "a/b".
  if (!folder.has_filename() && folder.has_parent_path()) folder = folder.parent_path();
  for (; kind_of(folder, folder_or_new) != FileKind::folder; folder = parent_of(folder)) {
    missing.push_back(folder);
    if (parent_of(folder) == folder) break;
  }
  std::reverse(missing.begin(), missing.end());
  for (const fs::path& next : missing) {
    std::error_code error;
    fs::create_directory(next, error);
    if (error) fail_making(path, error.value());
    flush_folder(parent_of(next), next);
  }
}

fs::path make_new_folder(const fs::path& path) {
  make_folder(parent_of(path));
  for (int number = 1;; ++number) {
    fs::path made = path;
    if (number > 1) made += std::string("-").append(std::to_string(number));
    // Whether the name is free is known to nobody but who makes it.
    if (::mkdir(made.c_str(), 0777) == 0) {
      flush_folder(parent_of(made), made);
      return made;
    }
    if (errno != EEXIST) fail_making(made, errno);
  }
}

void refuse_link(const fs::path& path) {
  if (kind_of(path, folder_or_new, Links::kept) != FileKind::link) return;
  throw IoError(path.string(), IoError::no_offset, to_text(FileKind::link), folder_or_new);
}

void flush_folder(const fs::path& folder, const fs::path& of) {
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A folder that may be written to but not read cannot be opened, and so not flushed.
  if (!open.is_open() && errno == EACCES) return;
  if (!open.is_open()) throw_errno(of, "opening its folder", errno, writable_folder);
  // Some file systems, network ones above all, cannot flush a folder and say EINVAL.
  if (::fsync(open.number()) != 0 && errno != EINVAL)
    throw_errno(of, "flushing its folder to the disk", errno, writable_folder);
}

OpenFolder::OpenFolder(const fs::path& path)
    : OpenFolder(path, Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))) {
  if (!folder_.is_open()) throw_errno(path_, "opening", errno, writable_folder);
}

OpenFolder::OpenFolder(fs::path path, Descriptor folder)
    : path_(std::move(path)), folder_(std::move(folder)) {}

std::optional<OpenFolder> OpenFolder::inside(const std::string& name) const {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  OpenFolder found(path_ / name, Descriptor(::openat(folder_.number(), name.c_str(), flags)));
  if (found.folder_.is_open()) return found;
  const int error = errno;
  if (error == ENOENT) return std::nullopt;
  refuse_link(found.path_);
  throw_errno(found.path_, "opening", error, writable_folder);
}

std::vector<std::string> OpenFolder::names() const {
  std::vector<std::string> names;
  // One of its own, since reading moves it.
  const int again = ::openat(folder_.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, CloseFolder> folder(again < 0 ? nullptr : ::fdopendir(again));
  if (!folder) throw_errno(path_, "reading", errno, writable_folder);
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.push_back(name);
  }
  if (errno != 0) throw_errno(path_, "reading", errno, writable_folder);
  std::sort(names.begin(), names.end());
  return names;
}

void OpenFolder::remove(const std::string& name) const {
  if (::unlinkat(folder_.number(), name.c_str(), 0) != 0 && errno != ENOENT)
    throw_errno(path_ / name, "removing", errno, writable_folder);
}

void OpenFolder::remove_if_empty(const std::string& name) const {
  (void)::unlinkat(folder_.number(), name.c_str(), AT_REMOVEDIR);
}

void OpenFolder::remove_dead_temporary_files() const {
  for (const std::string& name : names()) {
    if (!is_temporary_file(name)) continue;
    const Descriptor file(
        ::openat(folder_.number(), name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat status {};
    const bool ordinary = file.is_open() && ::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode);
    // Whoever writes such a file holds its lock. Somebody else's, which cannot be opened, stays.
    if (ordinary && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0) remove(name);
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
