#include "soap/io/atomic_file.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

#include "soap/base/descriptor.hpp"
#include "soap/base/error.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/io/folder.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_start = ".soap-";
constexpr std::string_view temporary_end = ".tmp";

// Renaming over a link would lose it, over /dev/null and the like replace the device by a file.
void check_target(const fs::path& path) {
  const FileKind kind = kind_of(path, writable_file, Links::kept);
  if (kind == FileKind::none || kind == FileKind::file) return;
  throw IoError(path.string(), IoError::no_offset, to_text(kind), "an ordinary file, or none yet");
}

// Owns the temporary file until it has its final name.
class TemporaryFile {
 public:
  TemporaryFile(fs::path target, const fs::path& folder) : target_(std::move(target)) {
    static std::atomic<unsigned> count = 0;
    const std::string stem = std::string(temporary_start).append(std::to_string(::getpid())).append("-");
    // A file of this name may be left from a process that was killed, or belong to another machine.
    do {
      path_ = folder / (stem + std::to_string(count++)).append(temporary_end);
      file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
      if (!file_.is_open() && errno != EEXIST)
        throw_errno(target_, "creating a temporary file in its folder", errno, writable_file);
    } while (!file_.is_open() || !is_ours());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!renamed_) ::unlink(path_.c_str());
  }

  void keep_permissions_of_target() const {
    struct stat old {};
    // A file that its owner could not read has been found damaged for that.
    if (::lstat(target_.c_str(), &old) == 0 &&
        ::fchmod(file_.number(), (old.st_mode & 07777) | S_IRUSR) != 0) {
      throw_errno(target_, "copying the permissions of the old file", errno, writable_file);
    }
  }

  void write(std::string_view bytes) const {
    if (const int error = write_all(file_, bytes); error != 0)
      throw_errno(target_, "writing", error, writable_file);
  }

  // The file is closed, and with that unlocked, only when it has its name: what was flushed before is on the
  // disk whatever closing says.
  void finish() {
    if (::fsync(file_.number()) != 0) throw_errno(target_, "flushing to the disk", errno, writable_file);
    if (::rename(path_.c_str(), target_.c_str()) != 0)
      throw_errno(target_, "renaming the temporary file", errno, writable_file);
    renamed_ = true;
  }

 private:
  // The lock tells those who clear up after killed programs that this one lives. One of them may have been
  // quicker, and have removed the file. Where there are no locks, nothing is removed either.
  [[nodiscard]] bool is_ours() const {
    if (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    struct stat status {};
    return ::fstat(file_.number(), &status) == 0 && status.st_nlink > 0;
  }

  fs::path target_;
  fs::path path_;
  Descriptor file_;
  bool renamed_ = false;
};

}  // namespace

bool is_temporary_file(std::string_view name) {
  return name.starts_with(temporary_start) && name.ends_with(temporary_end);
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  write_file_atomically(path, [&](const WriteBytes& write) { write(bytes); });
}

void write_file_atomically(const fs::path& path, const std::function<void(const WriteBytes&)>& content) {
  if (!path.has_filename()) throw IoError(path.string(), IoError::no_offset, "no file name", "FOLDER/FILE");
  check_target(path);
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  TemporaryFile file(path, folder);
  file.keep_permissions_of_target();
  content([&](std::string_view bytes) { file.write(bytes); });
  file.finish();
  // The new name itself survives a power cut, too.
  flush_folder(folder, path);
}

}  // namespace SOAP_ABI
}  // namespace soap
