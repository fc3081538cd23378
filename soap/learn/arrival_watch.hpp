// Whether anything ever comes through the ways by which a step sends errors down a network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "soap/feedback/feedback.hpp"
#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Tells a way that carries nothing from a minibatch of which nothing happens to arrive: the units of a few
/// examples may all stand still, and an error may be rounded to zero. A way is given up where nothing has
/// arrived of the first `patience` examples that sent something; one by which anything ever came is never
/// judged again.
class ArrivalWatch {
 public:
  static constexpr std::int64_t patience = 1000;  ///< examples

  /// So many ways, of which nothing is known yet.
  void start(std::size_t ways) { lost_.assign(ways, 0); }
  /// Whether nothing has come this way so far: what came need not be looked for otherwise.
  [[nodiscard]] bool doubts(std::size_t way) const { return lost_[way] != trusted; }
  /// Notes what became of a minibatch in which something was sent. Returns whether the way is given up.
  [[nodiscard]] bool gives_up(std::size_t way, bool arrived, Index examples);
  /// "lost.0", "lost.1", ...: for each way how many examples were lost on it, or 1,001 where
  /// something came.
  void visit_state(StateVisitor& visitor);

 private:
  static constexpr std::int64_t trusted = patience + 1;
  std::vector<std::int64_t> lost_;  // examples
};

/// "in the first 1,000 examples that had an error": for the sentence about a way that was given up.
std::string within_patience();

}  // namespace SOAP_ABI
}  // namespace soap
