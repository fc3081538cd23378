#include "soap/learn/arrival_watch.hpp"

#include <algorithm>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

bool ArrivalWatch::gives_up(std::size_t way, bool arrived, Index examples) {
  std::int64_t& lost = lost_[way];
  lost = arrived ? trusted : std::min<std::int64_t>(lost + examples, patience);
  return lost == patience;
}

void ArrivalWatch::visit_state(StateVisitor& visitor) {
  for (std::size_t way = 0; way < lost_.size(); ++way) {
    visitor.counter("lost." + std::to_string(way), lost_[way]);
    lost_[way] = std::clamp<std::int64_t>(lost_[way], 0, trusted);
  }
}

std::string within_patience() {
  return "in the first " + with_thousands(ArrivalWatch::patience) + " examples that had an error";
}

}  // namespace SOAP_ABI
}  // namespace soap
