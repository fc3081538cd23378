#include "soap/sweep/grid.hpp"

#include <cmath>
#include <stdexcept>

#include "soap/base/text.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

// The learning rates of a sweep, and the next ones beyond them.
bool grid(std::string_view bytes) {
  return taken<std::invalid_argument>([&] {
    const auto same_number = [](const std::string& text) {
      return soap::to_text(soap::parse_number("--lr", text));
    };
    std::vector<double> numbers;
    for (const std::string& text :
         soap::distinct_values("--lr", soap::parse_values("--lr", bytes), same_number)) {
      numbers.push_back(soap::parse_number("--lr", text));
      require(soap::to_text(numbers.back()) == text, "a value that reads back as another");
    }
    const bool is_range = bytes.starts_with("log:") || bytes.starts_with("lin:");
    for (std::size_t i = 1; is_range && i < numbers.size(); ++i)
      require(numbers[i - 1] < numbers[i], "a range that does not ascend");
    if (is_range && numbers.front() > 0) {
      require(!std::isnan(soap::below_grid(numbers)), "no number below a grid");
      require(!std::isnan(soap::above_grid(numbers)), "no number above a grid");
    }
  });
}

}  // namespace fuzz
