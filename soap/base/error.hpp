// Errors about files. Wrong options and shapes throw std::invalid_argument.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A file that could not be read or written, or that does not hold what it should.
/// `what()` is one sentence: path, byte offset where one is known, what was found, what was expected.
class IoError : public std::runtime_error {
 public:
  static constexpr std::int64_t no_offset = -1;

  IoError(std::string path, std::int64_t offset, std::string found, std::string expected);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::int64_t offset() const { return offset_; }
  [[nodiscard]] const std::string& found() const { return found_; }
  [[nodiscard]] const std::string& expected() const { return expected_; }

 private:
  std::string path_;
  std::int64_t offset_;
  std::string found_;
  std::string expected_;
};

/// Throws an IoError about a call that failed with this errno while `doing`, as in "opening".
[[noreturn]] void throw_errno(const std::string& path, const std::string& doing, int error,
                              const std::string& expected);

}  // namespace SOAP_ABI
}  // namespace soap
