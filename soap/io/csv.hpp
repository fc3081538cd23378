// Tables in CSV files (RFC 4180): a header line and rows, read whole or part by part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A table whose cells stay text until asked for. Made by `read_csv` and `read_csv_in_parts`.
class CsvTable {
 public:
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  [[nodiscard]] std::size_t rows() const { return cells_.size() / header_.size(); }

  /// The position of the named column; throws IoError, naming the nearest columns, if there is none.
  [[nodiscard]] std::size_t column(std::string_view name) const;
  /// A cell's text, without quotes; valid as long as the table. Rows count from 0, below the header.
  [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const {
    return cells_[row * header_.size() + column];
  }
  /// A cell's number, or nothing if the cell is blank: not measured, which is not the same as a measured NaN
  /// ("nan"). `Number` is double, std::int64_t or std::uint64_t, which may be written "1.0"; throws IoError
  /// for any other text.
  template <class Number = double>
  [[nodiscard]] std::optional<Number> number(std::size_t row, std::size_t column) const;
  /// A cell's number; throws IoError also if the cell is blank. `expected` names what should stand there, "a
  /// step".
  template <class Number = double>
  [[nodiscard]] Number required(std::size_t row, std::size_t column, const std::string& expected) const {
    const auto value = number<Number>(row, column);
    if (!value) fail(row, column, expected);
    return *value;
  }
  /// Throws IoError for a cell that is not what it should be: path, byte, line, column, found, expected.
  [[noreturn]] void fail(std::size_t row, std::size_t column, const std::string& expected) const;

 private:
  friend CsvTable read_csv(const std::filesystem::path& path);
  friend void read_csv_in_parts(const std::filesystem::path& path,
                                const std::function<void(const CsvTable&)>& take);
  class Parser;
  CsvTable() = default;

  std::string path_;
  // Where the bytes stand in the file.
  std::int64_t first_byte_ = 0;
  std::int64_t first_line_ = 1;
  // The file's bytes; the cells point into them, so they must not move with the table.
  std::unique_ptr<std::string> bytes_;
  std::vector<std::string> header_;
  std::vector<std::string_view> cells_;  // row by row
};

/// Reads a file with a header line. Lines end in LF or CRLF, and empty ones at the end do not count; a field
/// in double quotes may hold commas, line breaks and doubled quotes. Throws IoError if the file cannot be
/// read, is empty, names a column twice, or has a row with more or fewer fields than the header.
CsvTable read_csv(const std::filesystem::path& path);

/// The same for a file that may be long: calls `take` with its rows, a megabyte or so at a time, each time in
/// a table of their own with the file's header. There is one such table at least. Rows count from 0 in each;
/// errors name the place in the file.
void read_csv_in_parts(const std::filesystem::path& path, const std::function<void(const CsvTable&)>& take);

/// A field as it is written to a CSV file: in quotes if it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

/// The same for words that came from elsewhere, in tables that people open in spreadsheets: made `printable`,
/// and a text that a spreadsheet would run as a formula, for it begins with = + - or @, gets an apostrophe in
/// front, which quotes alone do not replace. Spreadsheets do not run such a cell; pandas reads the apostrophe
/// as part of it. Numbers are not written by this function.
std::string csv_text(std::string_view text);

/// A number as it is written to a CSV file; where there is none, a blank field.
std::string csv_number(std::optional<double> value);

}  // namespace SOAP_ABI
}  // namespace soap
