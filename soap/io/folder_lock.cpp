#include "soap/io/folder_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sys/file.h>
#include <sys/stat.h>

#include "soap/base/clock.hpp"
#include "soap/base/error.hpp"
#include "soap/base/host_name.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/io/folder.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

namespace fs = std::filesystem;

constexpr const char* lock_name = ".lock";
// Somebody may have the file for a moment, to write the note or to remove it.
constexpr std::chrono::milliseconds patience{500};
constexpr std::chrono::milliseconds pause{10};

}  // namespace

bool is_unused(const fs::path& folder) {
  const std::vector<std::string> names = OpenFolder(folder).names();
  return std::all_of(names.begin(), names.end(), [](const std::string& name) { return name == lock_name; });
}

FolderLock::FolderLock(const fs::path& folder, std::string purpose)
    : folder_(folder), path_(folder / lock_name), purpose_(std::move(purpose)) {
  const auto start = Clock::now();
  for (open(); !try_to_hold(); open()) {
    if (Clock::now() - start > patience) refuse();
    std::this_thread::sleep_for(pause);
  }
}

FolderLock::~FolderLock() {
  if (held_ && take(LOCK_EX) && is_in_place()) ::unlink(path_.c_str());
}

void FolderLock::open() {
  constexpr int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  file_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | flags, 0666));
  int error = errno;
  // Another person's, with whom this one may share the folder.
  if (!file_.is_open() && error == EACCES) {
    file_ = Descriptor(::open(path_.c_str(), O_RDONLY | flags));
    if (errno != ENOENT) error = errno;
  }
  const FileKind kind = kind_of(path_, "the lock of a folder", Links::kept);
  if (kind != FileKind::none && kind != FileKind::file)
    throw IoError(path_.string(), IoError::no_offset, to_text(kind), "an ordinary file, or none yet");
  if (!file_.is_open()) throw_errno(path_, "opening", error, writable_file);
}

bool FolderLock::try_to_hold() {
  if (take(LOCK_EX)) {
    if (!held_) return true;
    if (!is_in_place() || !write_note()) return false;
    if (purpose_.empty()) return true;
  }
  // The step from one kind of lock to the other lets others in between: whose note it is decides.
  return !purpose_.empty() && take(LOCK_SH) && is_in_place() &&
         note().substr(note().find('\n') + 1) == purpose_;
}

bool FolderLock::take(int kind) {
  while (::flock(file_.number(), kind | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno == EINTR) continue;
    held_ = false;
    ::unlink(path_.c_str());
    return true;
  }
  return true;
}

// Whoever had the file before may have removed it, and another one have come in its place.
bool FolderLock::is_in_place() const {
  struct stat own {};
  struct stat there {};
  return ::fstat(file_.number(), &own) == 0 && ::lstat(path_.c_str(), &there) == 0 &&
         own.st_ino == there.st_ino && own.st_dev == there.st_dev;
}

// False where the file is left from somebody who let nobody else write to it; it is gone then.
bool FolderLock::write_note() const {
  if ((::fcntl(file_.number(), F_GETFL) & O_ACCMODE) == O_RDONLY) {
    if (::unlink(path_.c_str()) != 0) throw_errno(path_, "removing", errno, writable_file);
    return false;
  }
  int error = ::ftruncate(file_.number(), 0) == 0 ? 0 : errno;
  if (error == 0) error = write_all(file_, this_process().append("\n").append(purpose_));
  if (error == 0) return true;
  ::unlink(path_.c_str());
  throw_errno(path_, "writing", error, writable_file);
}

std::string FolderLock::note() const {
  std::array<char, 1024> bytes{};
  const ssize_t count = ::pread(file_.number(), bytes.data(), bytes.size(), 0);
  return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

void FolderLock::refuse() const {
  const std::string said = note();
  const std::vector<std::string> holder = split(said.substr(0, said.find('\n')), ' ');
  const std::string who =
      holder.size() == 2 ? " (process " + holder.back() + " on " + holder.front() + ")" : "";
  if (purpose_.empty()) {
    throw IoError(folder_.string(), IoError::no_offset, "another program at work in it" + who,
                  "a folder to work in alone");
  }
  throw IoError(folder_.string(), IoError::no_offset,
                "another program at work in it with other settings" + who,
                "the same settings, or another folder");
}

}  // namespace SOAP_ABI
}  // namespace soap
