#include "soap/base/text_table.hpp"

#include <algorithm>

#include "soap/base/foreign_text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// Code points: every byte but those that continue one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string text_table(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& given) {
  std::vector<std::vector<std::string>> rows = given;
  for (auto& row : rows) std::transform(row.begin(), row.end(), row.begin(), printable);
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < header.size(); ++column) {
    std::size_t widest = width(header[column]);
    for (const auto& row : rows) widest = std::max(widest, width(row.at(column)));
    widths.push_back(widest);
  }
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::string padding(widths[column] - width(cells[column]), ' ');
      text += column == 0 ? cells[column] + padding : "  " + padding + cells[column];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  add_line(header);
  std::vector<std::string> dashes(header.size());
  for (std::size_t column = 0; column < header.size(); ++column) dashes[column].assign(widths[column], '-');
  add_line(dashes);
  for (const auto& row : rows) add_line(row);
  return text;
}

}  // namespace soap::inline SOAP_ABI
