#include "soap/io/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "soap/base/error.hpp"

namespace soap::inline SOAP_ABI {

namespace fs = std::filesystem;

namespace {

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

[[noreturn]] void fail(const fs::path& path, const std::string& doing, int error) {
  throw IoError(path.string(), IoError::no_offset,
                "'" + std::generic_category().message(error) + "' when " + doing,
                "a folder that can be written");
}

}  // namespace

void make_folder(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code error;
  fs::path folder = path;
  // "a/b/" is the folder "a/b".
  if (!folder.has_filename() && folder.has_parent_path()) folder = folder.parent_path();
  for (; !fs::is_directory(folder, error); folder = parent_of(folder)) {
    missing.push_back(folder);
    if (parent_of(folder) == folder) break;
  }
  std::reverse(missing.begin(), missing.end());
  for (const fs::path& next : missing) {
    fs::create_directory(next, error);
    if (error) {
      throw IoError(path.string(), IoError::no_offset,
                    "a folder that cannot be made (" + error.message() + ")", "one that can");
    }
    flush_folder(parent_of(next), next);
  }
}

void flush_folder(const fs::path& folder, const fs::path& of) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  // A folder that may be written to but not read cannot be opened, and so not flushed.
  if (descriptor < 0 && errno == EACCES) return;
  if (descriptor < 0) fail(of, "opening its folder", errno);
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  // Some file systems, network ones above all, cannot flush a folder and say EINVAL.
  if (error != 0 && error != EINVAL) fail(of, "flushing its folder to the disk", error);
}

}  // namespace soap::inline SOAP_ABI
