// A CSV file that is read a part at a time.
#pragma once

#include <filesystem>
#include <string>

#include "soap/base/ordinary_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The bytes of a CSV file in parts of whole rows, about a megabyte each.
class RowParts {
 public:
  /// Throws as OrdinaryFile.
  explicit RowParts(const std::filesystem::path& path) : file_(path, "a CSV file") {}

  /// The next rows, nothing after the last ones. Empty lines come in the part of the row after them, so that
  /// those at the end of the file are in its last part.
  std::string next();
  /// Whether that part is the last one.
  [[nodiscard]] bool is_last() const { return is_last_; }

 private:
  [[nodiscard]] bool ends_row(char byte);

  OrdinaryFile file_;
  std::string ahead_;  // what was read after the last row's end
  bool is_last_ = false;

  // Where in its row the byte that was looked at last stands.
  enum class Place { field_start, plain, quoted, after_quote };
  Place place_ = Place::field_start;
  bool is_empty_line_ = true;
};

}  // namespace SOAP_ABI
}  // namespace soap
