#include "soap/io/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/io/row_parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Programs that hold all numbers as floating ones write a whole number as "1.0".
std::string_view without_zero_fraction(std::string_view cell) {
  const std::size_t point = cell.find('.');
  const bool whole = point != std::string_view::npos && point > 0 && point + 1 < cell.size() &&
                     cell.find_first_not_of('0', point + 1) == std::string_view::npos;
  return whole ? cell.substr(0, point) : cell;
}

template <class Number>
std::optional<Number> read_number(std::string_view cell) {
  cell = without_plus(cell);
  if constexpr (!std::is_floating_point_v<Number>) cell = without_zero_fraction(cell);
  Number value{};
  const char* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

std::string count_of_fields(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

}  // namespace

// Walks through the bytes once. Quoted fields are unquoted where they stand, which never makes them longer;
// the bytes left over become blanks, so that a position still tells the line.
class CsvTable::Parser {
 public:
  explicit Parser(CsvTable& table)
      : table_(table), next_(table.bytes_->data()), end_(next_ + bytes().size()) {}

  void parse_header() {
    if (bytes().starts_with("\xEF\xBB\xBF")) next_ += 3;  // the byte order mark some editors write
    if (next_ == end_) {
      throw IoError(table_.path_, IoError::no_offset, "an empty file", "a CSV file with a header line");
    }
    read_line();
    for (const std::string_view name : table_.cells_) {
      if (std::find(table_.header_.begin(), table_.header_.end(), name) != table_.header_.end()) {
        fail(name.data(), "column " + in_quotes(name) + " twice", "every column once");
      }
      table_.header_.emplace_back(name);
    }
    table_.cells_.clear();
  }

  // In a table of one column an empty line is a blank cell.
  void drop_empty_last_lines() {
    if (table_.header_.size() == 1) return;
    const char* stop = end_;
    while (stop != next_ && (stop[-1] == '\n' || stop[-1] == '\r')) --stop;
    end_ -= end_ - stop;
  }

  void parse_rows() {
    while (next_ != end_) {
      const char* start = next_;
      const std::size_t before = table_.cells_.size();
      read_line();
      const std::size_t found = table_.cells_.size() - before;
      const std::size_t expected = table_.header_.size();
      if (found != expected)
        fail(start, count_of_fields(found), count_of_fields(expected) + " as in the header");
    }
  }

 private:
  [[nodiscard]] const std::string& bytes() const { return *table_.bytes_; }

  void read_line() {
    for (;;) {
      table_.cells_.push_back(next_ != end_ && *next_ == '"' ? read_quoted() : read_plain());
      if (next_ == end_) return;
      if (*next_++ == '\n') return;
      // A comma as the very last byte of the file is followed by one more field, a blank one.
    }
  }

  // Both leave `next_` at the comma or line feed after the field, or at the end.
  std::string_view read_plain() {
    const char* start = next_;
    while (next_ != end_ && *next_ != ',' && *next_ != '\n') ++next_;
    const char* stop = next_;
    const bool last_in_line = next_ == end_ || *next_ == '\n';
    if (last_in_line && stop != start && stop[-1] == '\r') --stop;
    return {start, stop};
  }

  std::string_view read_quoted() {
    const char* open = next_++;
    char* const start = next_;
    char* write = start;
    for (;;) {
      char* const quote = static_cast<char*>(std::memchr(next_, '"', static_cast<std::size_t>(end_ - next_)));
      if (quote == nullptr) fail(open, "a quote that is never closed", "a closing quote");
      write = std::copy(next_, quote, write);
      next_ = quote + 1;
      if (next_ == end_ || *next_ != '"') break;
      *write++ = '"';
      ++next_;
    }
    std::fill(write, next_, ' ');
    if (next_ != end_ && *next_ == '\r' && (next_ + 1 == end_ || next_[1] == '\n')) ++next_;
    if (next_ != end_ && *next_ != ',' && *next_ != '\n') {
      fail(next_, "text after a closing quote", "a comma or the end of the line");
    }
    return {start, write};
  }

  [[noreturn]] void fail(const char* at, const std::string& found, const std::string& expected) const {
    const auto line = table_.first_line_ + std::count(bytes().data(), at, '\n');
    throw IoError(table_.path_, table_.first_byte_ + (at - bytes().data()),
                  found + " on line " + std::to_string(line), expected);
  }

  CsvTable& table_;
  char* next_;
  char* end_;
};

std::size_t CsvTable::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) {
    throw IoError(path_, IoError::no_offset,
                  "no column '" + std::string(name) +
                      "' in the header (nearest: " + join(nearest_names(name, header_), ", ") + ")",
                  "that column");
  }
  return static_cast<std::size_t>(found - header_.begin());
}

template <class Number>
std::optional<Number> CsvTable::number(std::size_t row, std::size_t column) const {
  const std::string_view cell = text(row, column);
  if (cell.empty()) return std::nullopt;
  if (const auto value = read_number<Number>(cell)) return value;
  if constexpr (std::is_floating_point_v<Number>) fail(row, column, "a number or nothing");
  fail(row, column, std::is_signed_v<Number> ? "an integer or nothing" : "an integer from 0 up, or nothing");
}

template std::optional<double> CsvTable::number(std::size_t, std::size_t) const;
template std::optional<std::int64_t> CsvTable::number(std::size_t, std::size_t) const;
template std::optional<std::uint64_t> CsvTable::number(std::size_t, std::size_t) const;

void CsvTable::fail(std::size_t row, std::size_t column, const std::string& expected) const {
  const std::string_view cell = text(row, column);
  const auto line = first_line_ + std::count(std::as_const(*bytes_).data(), cell.data(), '\n');
  throw IoError(path_, first_byte_ + (cell.data() - bytes_->data()),
                (cell.empty() ? "a blank" : in_quotes(cell)) + " in column '" + header_[column] +
                    "' on line " + std::to_string(line),
                expected);
}

CsvTable read_csv(const std::filesystem::path& path) {
  CsvTable table;
  table.path_ = path.string();
  table.bytes_ = std::make_unique<std::string>(read_ordinary_file(path, "a CSV file"));
  CsvTable::Parser parser(table);
  parser.parse_header();
  parser.drop_empty_last_lines();
  parser.parse_rows();
  return table;
}

void read_csv_in_parts(const std::filesystem::path& path, const std::function<void(const CsvTable&)>& take) {
  RowParts parts(path);
  CsvTable table;
  table.path_ = path.string();
  table.bytes_ = std::make_unique<std::string>();
  std::string& bytes = *table.bytes_;
  for (bytes = parts.next(); table.header_.empty() || !bytes.empty(); bytes = parts.next()) {
    const auto lines = std::count(bytes.begin(), bytes.end(), '\n');
    table.cells_.clear();
    CsvTable::Parser parser(table);
    if (table.header_.empty()) parser.parse_header();
    if (parts.is_last()) parser.drop_empty_last_lines();
    parser.parse_rows();
    take(table);
    table.first_line_ += lines;
    table.first_byte_ += static_cast<std::int64_t>(bytes.size());
  }
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

std::string csv_text(std::string_view text) {
  std::string harmless = printable(text);
  // Blanks in front do not keep every spreadsheet from it.
  const std::size_t first = harmless.find_first_not_of(' ');
  if (first != std::string::npos && std::string_view("=+-@").find(harmless[first]) != std::string_view::npos)
    harmless.insert(0, 1, '\'');
  return csv_field(harmless);
}

std::string csv_number(std::optional<double> value) { return value ? to_text(*value) : std::string(); }

}  // namespace SOAP_ABI
}  // namespace soap
