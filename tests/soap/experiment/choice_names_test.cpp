#include "soap/experiment/choice_names.hpp"

#include <doctest/doctest.h>

using soap::ChoiceNames;
using soap::TrialSetting;

TEST_CASE("a choice is named by its learning rate and what differs, the rest is said once") {
  TrialSetting slow;
  slow.options = {.optimizer = "sgd", .lr = 0.01, .batch_size = 50};
  TrialSetting fast = slow;
  fast.options.lr = 1;
  const ChoiceNames rates({slow, fast});
  CHECK(rates.name(slow) == "lr 0.01");
  CHECK(rates.common() == "sgd, " + slow.options.schedule + ", batch 50, " + slow.options.initializer);

  fast.options.batch_size = 8;
  const ChoiceNames both({slow, fast});
  CHECK(both.name(fast) == "lr 1, batch 8");
  CHECK(both.name(slow) == "lr 0.01, batch 50");
  CHECK(both.common() == "sgd, " + slow.options.schedule + ", " + slow.options.initializer);
  CHECK(ChoiceNames({}).common().empty());
}
