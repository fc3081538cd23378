#include "soap/io/atomic_file.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "soap/base/error.hpp"
#include "soap/io/folder.hpp"

namespace soap::inline SOAP_ABI {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& doing, int error) {
  const std::string said = std::error_code(error, std::generic_category()).message();
  throw IoError(path.string(), IoError::no_offset, "'" + said + "' when " + doing,
                "a file that can be written");
}

// The file behind a symbolic link, so that the link survives the rename.
fs::path real_target(const fs::path& path) {
  std::error_code error;
  fs::path target = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : path;
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) {
    throw IoError(path.string(), IoError::no_offset, "a folder", "the name of a file");
  }
  // Renaming over /dev/null and the like would replace the device by a file.
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw IoError(path.string(), IoError::no_offset, "a device or pipe", "an ordinary file");
  }
  return target;
}

// Owns the temporary file until it has its final name.
class TemporaryFile {
 public:
  TemporaryFile(fs::path target, const fs::path& folder) : target_(std::move(target)) {
    static std::atomic<unsigned> count = 0;
    const std::string stem = ".soap-" + std::to_string(::getpid()) + "-";
    // A file of this name may be left from a process that was killed, or belong to another machine.
    do {
      path_ = folder / (stem + std::to_string(count++) + ".tmp");
      descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail(target_, "creating a temporary file in its folder", errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }

  void keep_permissions_of_target() const {
    struct stat old {};
    if (::stat(target_.c_str(), &old) == 0 && ::fchmod(descriptor_, old.st_mode & 07777) != 0) {
      fail(target_, "copying the permissions of the old file", errno);
    }
  }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
      } else if (written == 0 || errno != EINTR) {
        // Whoever takes no byte at all would take none for ever.
        fail(target_, "writing", written == 0 ? ENOSPC : errno);
      }
    }
  }

  void finish() {
    if (::fsync(descriptor_) != 0) fail(target_, "flushing to the disk", errno);
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail(target_, "closing", errno);
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail(target_, "renaming the temporary file", errno);
    renamed_ = true;
  }

 private:
  fs::path target_;
  fs::path path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

}  // namespace

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  write_file_atomically(path, [&](const WriteBytes& write) { write(bytes); });
}

void write_file_atomically(const fs::path& path, const std::function<void(const WriteBytes&)>& content) {
  if (!path.has_filename()) throw IoError(path.string(), IoError::no_offset, "no file name", "FOLDER/FILE");
  const fs::path target = real_target(path);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  TemporaryFile file(target, folder);
  file.keep_permissions_of_target();
  content([&](std::string_view bytes) { file.write(bytes); });
  file.finish();
  // Now the new name itself survives a power cut.
  flush_folder(folder, target);
}

}  // namespace soap::inline SOAP_ABI
