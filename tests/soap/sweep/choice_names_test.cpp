#include "soap/sweep/choice_names.hpp"

#include <doctest/doctest.h>

#include "soap/base/foreign_text.hpp"

using soap::ChoiceNames;
using soap::TrialSetting;

TEST_CASE("a choice is named by its learning rate and what differs, the rest is said once") {
  TrialSetting slow;
  slow.options = {.optimizer = "sgd", .lr = 0.01, .batch_size = 50};
  TrialSetting fast = slow;
  fast.options.lr = 1;
  const ChoiceNames rates({slow, fast}, soap::printable);
  CHECK(rates.name(slow) == "lr 0.01");
  CHECK(rates.common() == "sgd, " + slow.options.schedule + ", batch 50, " + slow.options.initializer);

  fast.options.batch_size = 8;
  const ChoiceNames both({slow, fast}, soap::printable);
  CHECK(both.name(fast) == "lr 1, batch 8");
  CHECK(both.name(slow) == "lr 0.01, batch 50");
  CHECK(both.common() == "sgd, " + slow.options.schedule + ", " + slow.options.initializer);
  fast.options.optimizer = "<b>";
  CHECK(ChoiceNames({slow, fast}, soap::markdown_text).name(fast) == "lr 1, &lt;b&gt;, batch 8");
  CHECK(ChoiceNames({}, soap::printable).common().empty());
}
