#include "soap/trial/chance_sources.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/learn/pepita.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/mlp.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/trial/trial_files.hpp"
#include "soap/trial/trial_record.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/matrices.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_digits.hpp"

using namespace soap;

using test::trial_digits;

namespace {

constexpr Index inputs = 784;
constexpr Index outputs = 10;

// What chance brought into a trial.
struct Drawn {
  StoredState network;               // before the first step: weights and feedback, by name
  std::vector<std::int64_t> labels;  // in the order of the examples
};

class Witness final : public Observer {
 public:
  explicit Witness(Drawn& drawn) : drawn_(drawn) {}
  void run_started(const RunStart& event) override { drawn_.network = stored_state(event.network); }
  void step_started(const StepStart& event) override {
    for (const auto label : event.batch.labels()) drawn_.labels.push_back(label);
  }

 private:
  Drawn& drawn_;
};

TrialOptions options_of(const std::string& rule) {
  return {.rule = rule, .hidden = {12, 9}, .lr = 0.1, .batch_size = 16, .epochs = 2, .seed = 3};
}

struct WitnessedTrial {
  Drawn drawn;
  TrialResult result;
};

WitnessedTrial witnessed(const TrialOptions& options) {
  WitnessedTrial outcome;
  std::vector<std::unique_ptr<Observer>> observers;
  observers.push_back(std::make_unique<Witness>(outcome.drawn));
  outcome.result = run_trial(options, trial_digits().train, trial_digits().test, std::move(observers));
  return outcome;
}

// "layers.2.weight" and the like, or what feedbacks keep.
bool same(const Drawn& a, const Drawn& b, bool of_feedback) {
  bool all_same = true;
  std::size_t compared = 0;
  const auto is_asked = [&](const std::string& name) {
    return (name.find(".feedback.") != std::string::npos) == of_feedback;
  };
  for (const auto& [name, value] : a.network.matrices) {
    if (!is_asked(name) || value.isZero(0)) continue;
    all_same = all_same && value == b.network.matrices.at(name);
    ++compared;
  }
  for (const auto& [name, value] : a.network.counters) {
    if (!is_asked(name) || value == 0) continue;
    all_same = all_same && value == b.network.counters.at(name);
    ++compared;
  }
  REQUIRE(compared > 0);
  return all_same;
}

}  // namespace

TEST_CASE("three seeds that are the trial's own are the trial: the same bits, the same texts") {
  const ThreadCount one(1);
  for (const std::string rule : {"fa", "noisy", "pepita", "dtp"}) {
    CAPTURE(rule);
    const TrialOptions plain = options_of(rule);
    TrialOptions spelled = plain;
    for (const ChanceSource source : chance_sources) own_seed(spelled, source) = 3;
    CHECK_FALSE(has_own_seeds(spelled));
    CHECK(witnessed(spelled).result.curve.losses == witnessed(plain).result.curve.losses);
    CHECK(trial_text(spelled) == trial_text(plain));
    CHECK(trial_key({.options = spelled}) == trial_key({.options = plain}));
  }
}

TEST_CASE("streams keep their names: weights and feedback are those of the seeds they are given") {
  const Network network = mlp({4, 3, 2}, {.rule = "fa", .seed = 5, .feedback_seed = 8});
  Matrix W(3, 4);
  Rng weights(5, "weights", 0);
  draw(Initializer::xavier_normal, 4, 3, weights, W);
  CHECK(*network.layer(0).weights() == W);
  const auto B_of = [](const MlpOptions& options) {
    Network made = mlp({4, 3, 2}, options);
    return get_matrix(made, "layers.2.feedback.B");
  };
  const Matrix B = B_of({.rule = "fa", .seed = 5, .feedback_seed = 8});
  CHECK(B == B_of({.rule = "fa", .seed = 8}));
  CHECK(B != B_of({.rule = "fa", .seed = 5}));
}

TEST_CASE("each source changes what is its own and nothing else") {
  const ThreadCount one(1);
  for (const std::string rule : {"fa", "dfa", "brsf", "noisy", "wm"}) {
    const WitnessedTrial plain = witnessed(options_of(rule));
    for (const ChanceSource source : chance_sources) {
      CAPTURE(rule);
      CAPTURE(to_text(source));
      TrialOptions changed = options_of(rule);
      own_seed(changed, source) = 77;
      CHECK(has_own_seed(changed, source));
      const WitnessedTrial other = witnessed(changed);
      CHECK(same(plain.drawn, other.drawn, false) == (source != ChanceSource::init));
      CHECK(same(plain.drawn, other.drawn, true) == (source != ChanceSource::feedback));
      CHECK((plain.drawn.labels == other.drawn.labels) == (source != ChanceSource::order));
      CHECK(plain.result.curve.losses != other.result.curve.losses);
    }
  }
}

TEST_CASE("what a step draws goes by the seed of feedback, whatever the order of the examples") {
  const ThreadCount one(1);
  const auto F = [](std::uint64_t order, std::optional<std::uint64_t> of_step) {
    Network network = mlp({inputs, 8, outputs}, {.seed = 1});
    const auto loss = make_loss("softmax_cross_entropy");
    const auto optimizer = make_optimizer("sgd", 0.1);
    auto step = std::make_unique<PepitaStep>();
    PepitaStep& pepita = *step;
    Trainer trainer(network, *loss, *optimizer, {.seed = order, .step_seed = of_step}, std::move(step));
    trainer.fit(trial_digits().train);
    return get_matrix(pepita, "F");
  };
  const Matrix drawn = F(1, 7);
  CHECK(drawn == F(2, 7));
  CHECK(drawn == F(7, std::nullopt));
  CHECK(drawn != F(1, 8));
  // And in a trial.
  for (const std::string rule : {"pepita", "dtp"}) {
    CAPTURE(rule);
    TrialOptions changed = options_of(rule);
    changed.feedback_seed = 77;
    const WitnessedTrial plain = witnessed(options_of(rule));
    const WitnessedTrial other = witnessed(changed);
    CHECK(plain.drawn.labels == other.drawn.labels);
    CHECK(same(plain.drawn, other.drawn, false));
    CHECK(plain.result.curve.losses != other.result.curve.losses);
  }
}

TEST_CASE("methods that draw no feedback are known, and give the same with any seed of it") {
  const ThreadCount one(1);
  const std::set<std::string> without = {"bp", "usf", "delayed:examples=32"};
  for (const std::string rule : {"bp", "usf", "delayed:examples=32", "fa", "dfa", "drtp", "sign", "brsf",
                                 "frsf", "kp", "wm", "noisy", "bp/fa", "pepita", "dtp"}) {
    CAPTURE(rule);
    const TrialOptions options = options_of(rule);
    CHECK(draws_feedback(options, inputs, outputs) == !without.contains(rule));
    if (!without.contains(rule)) continue;
    TrialOptions changed = options;
    changed.feedback_seed = 77;
    CHECK(witnessed(changed).result.curve.losses == witnessed(options).result.curve.losses);
  }
  // No error crosses the only edge, and dtp has an inverse for each hidden layer but the lowest.
  CHECK_FALSE(draws_feedback({.rule = "fa", .hidden = {}}, inputs, outputs));
  CHECK_FALSE(draws_feedback({.rule = "dtp", .hidden = {9}}, inputs, outputs));
  CHECK(draws_feedback({.rule = "fa", .step = "soap", .hidden = {9}}, inputs, outputs));
}

TEST_CASE("keys, files and configurations hold the seeds that differ") {
  TrialRecord record;
  record.setting = {.options = options_of("fa"), .data = "data"};
  std::set<std::string> keys = {trial_key(record.setting)};
  std::set<std::string> texts = {trial_text(record.setting.options)};
  const test::TemporaryFolder folder;
  for (const ChanceSource source : chance_sources) {
    TrialRecord changed = record;
    own_seed(changed.setting.options, source) = 18446744073709551615U;
    const std::string key = trial_key(changed.setting);
    CHECK(keys.insert(key).second);
    CHECK(texts.insert(trial_text(changed.setting.options)).second);
    const TrialRecord read = read_trial_record(folder.write(key + ".json", to_json(changed)));
    CHECK(to_json(read) == to_json(changed));
    CHECK(seed_of(read.setting.options, source) == 18446744073709551615U);
    CHECK(trial_key({.options = without_own_seeds(read.setting.options), .data = "data"}) ==
          trial_key(record.setting));
    const RunConfig config{.program = "p", .command = {}, .data = "d", .trials = {changed.setting.options}};
    const RunConfig again = parse_config(config_json(config), "config.json");
    CHECK(trial_text(again.trials.front()) == trial_text(changed.setting.options));
  }
  CHECK(keys.size() == 4);
}

TEST_CASE("a checkpoint of other seeds is refused") {
  const ThreadCount one(1);
  const test::TemporaryFolder folder;
  const TrialFiles files{.checkpoint = folder.path() / "checkpoint"};
  TrialOptions options = options_of("fa");
  (void)run_trial(options, trial_digits().train, trial_digits().test, {}, files);
  CHECK(saved_state(files, options) == Saved::result);
  options.order_seed = 4;
  CHECK_THROWS_AS((void)saved_state(files, options), IoError);
}
