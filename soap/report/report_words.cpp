#include "soap/report/report_words.hpp"

#include <algorithm>
#include <cmath>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// A bar would begin another cell, even within code.
std::string table_cell(const std::string& text) { return join(split(text, '|'), "\\|"); }

}  // namespace

std::string table_line(const std::vector<std::string>& cells) {
  std::vector<std::string> safe(cells.size());
  std::transform(cells.begin(), cells.end(), safe.begin(), table_cell);
  return std::string("| ").append(join(safe, " | ")).append(" |\n");
}

std::string percent_text(double share) { return fixed(100 * share, 2); }

std::string points_text(double difference) {
  const std::string text = fixed(100 * difference, 2);
  if (text == "-0.00" || text == "0.00") return "0.00";
  return difference > 0 ? std::string("+").append(text) : text;
}

std::string p_text(double p) {
  constexpr double least = 0.0001;
  return p < least ? "< 0.0001" : fixed(p, 4);
}

std::string percent_text(const Interval& interval) {
  return percent_text(interval.low) + " to " + percent_text(interval.high);
}

std::string points_text(const Interval& interval) {
  // Which side of 0 an end lies on must not be lost to rounding.
  const auto end = [](double difference) {
    std::string text = points_text(difference);
    if (text != "0.00" || fixed(std::abs(100 * difference), 4) == "0.0000") return text;
    return std::string(difference > 0 ? "+" : "").append(fixed(100 * difference, 4));
  };
  return end(interval.low) + " to " + end(interval.high);
}

std::string code(const std::string& name) { return markdown_code(name); }

std::string count_of(std::size_t count, const std::string& one, const std::string& several) {
  return std::to_string(count) + ' ' + (count == 1 ? one : several);
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string markdown_table(const std::vector<std::string>& header,
                           const std::vector<std::vector<std::string>>& rows) {
  std::string text = table_line(header) + "|---|";
  for (std::size_t i = 1; i < header.size(); ++i) text += "---:|";
  text += "\n";
  for (const auto& row : rows) text += table_line(row);
  return text + "\n";
}

}  // namespace SOAP_ABI
}  // namespace soap
