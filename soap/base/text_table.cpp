#include "soap/base/text_table.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "soap/base/foreign_text.hpp"
#include "soap/base/terminal.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Row = std::vector<std::string>;

constexpr std::size_t gap = 2;  // between columns

// What is not broken any further: words, and the parts of a rule. A space at a piece's end counts only where
// another follows on its line.
std::vector<std::string> pieces_of(const std::string& cell) {
  const auto joins = [&](std::size_t space) {
    constexpr std::string_view plus_minus = "\u00B1";
    const std::string_view text(cell);
    return text.substr(space + 1).starts_with('%') || text.substr(space + 1).starts_with(plus_minus) ||
           text.substr(0, space).ends_with(plus_minus);
  };
  std::vector<std::string> pieces(1);
  int parentheses = 0;  // what they hold stays together
  for (std::size_t i = 0; i < cell.size(); ++i) {
    parentheses += cell[i] == '(' ? 1 : cell[i] == ')' ? -1 : 0;
    const bool inside_word = i > 0 && cell[i - 1] != ' ';
    if ((cell[i] == ':' || cell[i] == '/') && inside_word && i + 1 < cell.size()) pieces.emplace_back();
    pieces.back() += cell[i];
    if (cell[i] == ' ' && parentheses <= 0 && !joins(i) && i + 1 < cell.size()) pieces.emplace_back();
  }
  return pieces;
}

std::string without_end_spaces(const std::string& text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::vector<std::string> broken(const std::string& cell, std::size_t width) {
  if (columns_of(cell) <= width) return {cell};
  std::vector<std::string> lines(1);
  for (const std::string& piece : pieces_of(cell)) {
    const std::string longer = lines.back() + piece;
    if (!lines.back().empty() && columns_of(without_end_spaces(longer)) > width) {
      lines.back() = without_end_spaces(lines.back());
      lines.push_back(piece);
    } else {
      lines.back() = longer;
    }
  }
  return lines;
}

// The longest piece.
std::size_t least_width(const std::string& cell) {
  std::size_t least = 0;
  for (const std::string& piece : pieces_of(cell))
    least = std::max(least, columns_of(without_end_spaces(piece)));
  return least;
}

// The widest of a column, each cell measured by `width`.
template <class Width>
std::vector<std::size_t> widths_of(const Row& header, const std::vector<Row>& rows, const Width& width) {
  std::vector<std::size_t> widths;
  widths.reserve(header.size());
  for (std::size_t column = 0; column < header.size(); ++column) {
    std::size_t widest = width(header[column]);
    for (const auto& row : rows) widest = std::max(widest, width(row.at(column)));
    widths.push_back(widest);
  }
  return widths;
}

// Column by column narrower, the widest of those that can be first.
std::vector<std::size_t> narrowed(std::vector<std::size_t> widths, const std::vector<std::size_t>& least,
                                  std::size_t columns) {
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + gap * (widths.size() - 1);
  };
  while (!widths.empty() && total() > columns) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

// A row in as many lines as its highest cell takes.
std::vector<Row> lines_of(const Row& row, const std::vector<std::size_t>& widths) {
  std::vector<Row> lines;
  for (std::size_t column = 0; column < row.size(); ++column) {
    const auto parts = broken(row[column], widths[column]);
    if (lines.size() < parts.size()) lines.resize(parts.size(), Row(row.size()));
    for (std::size_t i = 0; i < parts.size(); ++i) lines[i][column] = parts[i];
  }
  return lines;
}

std::string table(const Row& header, const std::vector<Row>& rows, const std::vector<std::size_t>& widths) {
  std::string text;
  const auto add_line = [&](const Row& cells) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::string padding(widths[column] - std::min(widths[column], columns_of(cells[column])), ' ');
      if (column > 0) text.append(gap, ' ');
      text += column == 0 ? cells[column] + padding : padding + cells[column];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  for (const Row& line : lines_of(header, widths)) add_line(line);
  Row dashes;
  dashes.reserve(widths.size());
  for (const std::size_t width : widths) dashes.emplace_back(width, '-');
  add_line(dashes);
  for (const Row& row : rows) {
    for (const Row& line : lines_of(row, widths)) add_line(line);
  }
  return text;
}

// Anybody may have written the cells.
std::vector<Row> printable_rows(std::vector<Row> rows) {
  for (Row& row : rows) std::transform(row.begin(), row.end(), row.begin(), printable);
  return rows;
}

}  // namespace

std::string text_table(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& given) {
  const std::vector<Row> rows = printable_rows(given);
  return table(header, rows, widths_of(header, rows, columns_of));
}

std::string fitting_table(const std::vector<std::string>& header,
                          const std::vector<std::vector<std::string>>& given, std::size_t columns) {
  const std::vector<Row> rows = printable_rows(given);
  const auto widest = widths_of(header, rows, [](const std::string& cell) { return columns_of(cell); });
  const auto most = narrowed(widest, widths_of(header, rows, least_width), columns);
  // Words seldom fill what they may.
  std::vector<std::size_t> widths(header.size());
  const auto fit = [&](const Row& row) {
    for (const Row& line : lines_of(row, most)) {
      for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], columns_of(line[i]));
    }
  };
  fit(header);
  for (const Row& row : rows) fit(row);
  return table(header, rows, widths);
}

}  // namespace SOAP_ABI
}  // namespace soap
