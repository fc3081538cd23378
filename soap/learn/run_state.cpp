#include "soap/learn/run_state.hpp"

#include <stdexcept>

namespace soap {
inline namespace SOAP_ABI {

void RunStateVisitor::optional(std::string_view name, std::optional<double>& value) {
  std::vector<double> list;
  if (value) list.push_back(*value);
  numbers(name, list);
  if (list.size() > 1) {
    throw std::invalid_argument(std::string(name) + ": found " + std::to_string(list.size()) +
                                " numbers, expected one or none");
  }
  value = list.empty() ? std::nullopt : std::optional(list.front());
}

}  // namespace SOAP_ABI
}  // namespace soap
