// How a report writes numbers, names and lists.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "soap/base/scalar.hpp"
#include "soap/statistics/interval.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A share in percent, "92.31"; a difference in percentage points, "-0.40"; a p, "0.0039" or "< 0.0001"; an
/// interval of shares, "92.11 to 92.50", or of differences.
std::string percent_text(double share);
std::string points_text(double difference);
std::string p_text(double p);
std::string percent_text(const Interval& interval);
std::string points_text(const Interval& interval);

/// A name as code in Markdown, whoever made it up.
std::string code(const std::string& name);
/// "1 seed", "10 seeds".
std::string count_of(std::size_t count, const std::string& one, const std::string& several);
/// "a", "a and b", "a, b and c".
std::string list_of(const std::vector<std::string>& names);

/// A line of a table in Markdown. Its cells are Markdown; bars in them stay characters.
std::string table_line(const std::vector<std::string>& cells);
/// A table in Markdown whose first column is text and whose others are numbers.
std::string markdown_table(const std::vector<std::string>& header,
                           const std::vector<std::vector<std::string>>& rows);

}  // namespace SOAP_ABI
}  // namespace soap
