#include <functional>

#include "soap/experiment/trial.hpp"
#include "soap/learn/schedule.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/optimizer.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

// Every option that is a text. The form that all spellings share is one of them.
bool spec(std::string_view bytes) {
  using Canonical = std::string (*)(std::string_view);
  bool any = false;
  for (const Canonical canonical : {Canonical(soap::canonical_rule), Canonical(soap::canonical_step),
                                    Canonical(soap::canonical_optimizer), Canonical(soap::canonical_schedule),
                                    Canonical(soap::canonical_activation)}) {
    any |= taken<std::invalid_argument>([&] {
      const std::string text = canonical(bytes);
      require(canonical(text) == text, "a canonical text with another canonical text");
    });
  }
  any |= taken<std::invalid_argument>([&] { (void)soap::initializer_by_name(bytes); });
  any |= taken<std::invalid_argument>([&] { (void)soap::parse_batch_sizes(std::string(bytes)); });
  return any;
}

}  // namespace fuzz
