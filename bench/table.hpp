// The table that soap_bench prints.
#pragma once

#include <cstddef>
#include <string>

#include "plan.hpp"

namespace bench {

/// "123.4", in 10^9 floating-point operations per second; empty for 0.
std::string gigaflops(double flops_per_second);

/// One contender's line: what, threads, median, spread, rate and share of peak.
Row row_of(const Group& group, std::size_t contender);

/// A line for each contender but the peak.
std::vector<Row> all_rows(const Group& group);

/// The groups that have been measured.
std::string table(const Groups& groups);

}  // namespace bench
