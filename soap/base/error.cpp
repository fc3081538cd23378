#include "soap/base/error.hpp"

#include <system_error>
#include <utility>

#include "soap/base/foreign_text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string sentence(const std::string& path, std::int64_t offset, const std::string& found,
                     const std::string& expected) {
  std::string text = path + ": ";
  if (offset != IoError::no_offset) text += "at byte " + std::to_string(offset) + " ";
  text += "found " + found;
  if (!expected.empty()) text += ", expected " + expected;
  return printable(text);
}

}  // namespace

IoError::IoError(std::string path, std::int64_t offset, std::string found, std::string expected)
    : std::runtime_error(sentence(path, offset, found, expected)),
      path_(std::move(path)),
      offset_(offset),
      found_(std::move(found)),
      expected_(std::move(expected)) {}

void throw_errno(const std::string& path, const std::string& doing, int error, const std::string& expected) {
  throw IoError(path, IoError::no_offset, "'" + std::generic_category().message(error) + "' when " + doing,
                expected);
}

}  // namespace SOAP_ABI
}  // namespace soap
