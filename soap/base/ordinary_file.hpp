// What a name stands for, and ordinary files for reading. Whatever is read by its name is read through here:
// a pipe would keep a program waiting, a device may have no end, and a name that cannot be looked at is not
// one that is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "soap/base/descriptor.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class FileKind {
  none,
  file,
  folder,
  link,   ///< a symbolic one, where links are not followed
  other,  ///< a pipe, device or socket
};

enum class Links { followed, kept };

/// What a message expects of a name that is written to.
inline constexpr const char* writable_file = "a file that can be written";
inline constexpr const char* writable_folder = "a folder that can be written";

/// What the name stands for; a link that leads nowhere is followed to nothing. Throws IoError, with
/// `expected` as what should be there, where the system does not tell: for lack of permission, where links
/// lead in a circle, for a name too long.
FileKind kind_of(const std::filesystem::path& path, const std::string& expected,
                 Links links = Links::followed);

/// "no such file", "a folder", "a symbolic link", "a pipe, device or socket": for messages.
std::string to_text(FileKind kind);

/// An ordinary file, read from front to back; links to one are followed.
class OrdinaryFile {
 public:
  /// Throws IoError, with `expected` as what should be there, for anything but an ordinary file that can be
  /// read. Nothing else is waited for or taken from.
  OrdinaryFile(const std::filesystem::path& path, std::string expected);

  /// Bytes when it was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Fills `into` with the next bytes, and returns how many there were: less than asked for only at the end.
  /// Throws IoError.
  std::size_t read(std::span<char> into);
  /// Back to the first byte.
  void rewind();

 private:
  [[noreturn]] void fail(const std::string& doing, int error) const;

  std::string path_;
  std::string expected_;
  Descriptor file_;
  std::uint64_t size_ = 0;
};

/// All bytes of an ordinary file. Throws as OrdinaryFile.
std::string read_ordinary_file(const std::filesystem::path& path, const std::string& expected);

}  // namespace SOAP_ABI
}  // namespace soap
