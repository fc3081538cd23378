#include "soap/base/ordinary_file.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "soap/base/error.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

namespace fs = std::filesystem;

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::file;
  if (S_ISDIR(mode)) return FileKind::folder;
  return S_ISLNK(mode) ? FileKind::link : FileKind::other;
}

// Of a name that cannot be opened: what it stands for says more than the system does.
std::string missing_text(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? "a symbolic link that leads nowhere" : to_text(FileKind::none);
}

}  // namespace

FileKind kind_of(const fs::path& path, const std::string& expected, Links links) {
  struct stat status {};
  const int flags = links == Links::followed ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) == 0) return kind_of(status.st_mode);
  if (errno == ENOENT || errno == ENOTDIR) return FileKind::none;
  throw_errno(path.string(), "looking for it", errno, expected);
}

std::string to_text(FileKind kind) {
  switch (kind) {
    case FileKind::none:
      return "no such file";
    case FileKind::file:
      return "a file";
    case FileKind::folder:
      return "a folder";
    case FileKind::link:
      return "a symbolic link";
    default:
      return "a pipe, device or socket";
  }
}

OrdinaryFile::OrdinaryFile(const fs::path& path, std::string expected)
    : path_(path.string()), expected_(std::move(expected)) {
  // Looked at before it is opened, since opening is enough to do something to some devices; and then again,
  // since another may have come in its place, which is why nothing is waited for.
  const FileKind before = soap::kind_of(path, expected_);
  if (before == FileKind::none) throw IoError(path_, IoError::no_offset, missing_text(path), expected_);
  if (before != FileKind::file) throw IoError(path_, IoError::no_offset, to_text(before), expected_);
  file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file_.is_open() || ::fstat(file_.number(), &status) != 0) fail("opening", errno);
  if (!S_ISREG(status.st_mode))
    throw IoError(path_, IoError::no_offset, to_text(kind_of(status.st_mode)), expected_);
  size_ = static_cast<std::uint64_t>(status.st_size);
}

std::size_t OrdinaryFile::read(std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t count = ::read(file_.number(), into.data() + done, into.size() - done);
    if (count == 0) break;
    if (count < 0 && errno != EINTR) fail("reading", errno);
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  return done;
}

void OrdinaryFile::rewind() {
  if (::lseek(file_.number(), 0, SEEK_SET) < 0) fail("reading", errno);
}

void OrdinaryFile::fail(const std::string& doing, int error) const {
  throw_errno(path_, doing, error, expected_);
}

std::string read_ordinary_file(const fs::path& path, const std::string& expected) {
  OrdinaryFile file(path, expected);
  std::string bytes;
  std::array<char, 1 << 16> block{};
  for (std::size_t count = block.size(); count == block.size();) {
    count = file.read(block);
    bytes.append(block.data(), count);
  }
  return bytes;
}

}  // namespace SOAP_ABI
}  // namespace soap
