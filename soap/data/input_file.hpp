// A data file read from front to back, unpacked on the way if its content is gzip.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "soap/base/ordinary_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Whether a file is gzip is decided by its first bytes, never by its name. Gzip members that follow each
/// other are one content. Strict: the checksums are verified, and bytes that are not gzip after gzip data are
/// an error.
class InputFile {
 public:
  /// Throws IoError unless there is an ordinary file that can be read, and is not empty.
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Fills `into` with the next bytes of the content and returns how many there were: less than asked for
  /// only at the end. Throws IoError if the file cannot be read or its gzip data are damaged or cut short.
  std::size_t read(std::span<std::uint8_t> into);

  [[nodiscard]] bool is_gzip() const { return gzip_ != nullptr; }
  /// Size on disk in bytes.
  [[nodiscard]] std::uint64_t file_size() const { return file_.size(); }
  /// No content of this file is longer, in bytes; exact unless the file is gzip.
  [[nodiscard]] std::uint64_t longest_content() const;

  /// Throws IoError about a byte of the content, which in a gzip file is not that byte of the file.
  [[noreturn]] void fail(std::uint64_t offset, const std::string& found, const std::string& expected) const;

 private:
  struct Gzip;

  std::size_t read_file(std::span<std::uint8_t> into);
  std::size_t read_gzip(std::span<std::uint8_t> into);
  /// Throws IoError about the byte of the file that would be unpacked next.
  [[noreturn]] void fail_packed(const std::string& found, const std::string& expected) const;

  std::string path_;
  OrdinaryFile file_;
  std::unique_ptr<Gzip> gzip_;  // null for a plain file
};

}  // namespace SOAP_ABI
}  // namespace soap
