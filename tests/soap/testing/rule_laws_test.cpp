// The published laws, held to rules that obey them and to rules that break one each.
#include "soap/testing/rule_laws.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/step_registry.hpp"

using namespace soap;
using testing::broken_rule_laws;

namespace {

// The library's own: tests add theirs later.
const std::vector<std::string> own_rules = rule_names();
const std::vector<std::string> own_steps = step_names(StepUse::with_feedback);

std::string all_broken(const std::string& rule) { return join(broken_rule_laws(rule), "\n"); }

// Backpropagation as far as a derived rule does not spoil it.
class Spoiled : public Feedback {
 public:
  [[nodiscard]] Way way(ConstRef W) const override { return {W.transpose()}; }
};

// Says `factor` times the transposed weights as they were before the step.
class Scaled : public Feedback {
 public:
  void before_step(ConstRef W, std::int64_t) override { W_ = W; }
  [[nodiscard]] Way way(ConstRef) const override {
    scaled_ = static_cast<Scalar>(factor()) * W_;
    return {scaled_.transpose()};
  }

 private:
  [[nodiscard]] virtual double factor() const = 0;
  Matrix W_;
  mutable Matrix scaled_;
};

template <class Rule>
void add(const std::string& name) {
  register_feedback(name, [](Spec&) { return std::make_unique<Rule>(); });
}

class IsNotFinite final : public Scaled {
  [[nodiscard]] double factor() const override { return std::numeric_limits<double>::infinity(); }
};

class SendsZeros final : public Scaled {
  [[nodiscard]] double factor() const override { return 0; }
};

class CountsItsSends final : public Scaled {
  [[nodiscard]] double factor() const override { return ++sends_; }
  mutable int sends_ = 0;
};

class DrawsItsOwnNumbers final : public Scaled {
 public:
  DrawsItsOwnNumbers() : factor_(++made_) {}

 private:
  [[nodiscard]] double factor() const override { return factor_; }
  static inline int made_ = 0;
  int factor_;
};

class HidesItsState final : public Scaled {
  void initialize(const EdgeShape&, Rng& rng) override { factor_ = 1 + rng.uniform(); }
  [[nodiscard]] double factor() const override { return factor_; }
  double factor_ = 0;
};

class DoublesB final : public Spoiled {
  void initialize(const EdgeShape& edge, Rng&) override { B_ = Matrix::Ones(edge.in, edge.out); }
  [[nodiscard]] Way way(ConstRef) const override {
    doubled_ = 2 * B_;
    return {doubled_};
  }
  void visit_state(StateVisitor& visitor) override { visitor.matrix("B", B_); }
  Matrix B_;
  mutable Matrix doubled_;
};

class DeniesTransport final : public Spoiled {
  [[nodiscard]] std::optional<double> transported_bits(ConstRef, std::int64_t) const override { return 0; }
};

class ForgetsToTranspose final : public Spoiled {
  [[nodiscard]] Way way(ConstRef W) const override { return {W}; }
};

class StoresBLikeW final : public Spoiled {
  void initialize(const EdgeShape& edge, Rng&) override { B_ = Matrix::Ones(edge.out, edge.in); }
  [[nodiscard]] Way way(ConstRef) const override { return {B_.transpose()}; }
  void visit_state(StateVisitor& visitor) override { visitor.matrix("B", B_); }
  Matrix B_;
};

class RefusesEdges final : public Spoiled {
  void initialize(const EdgeShape& edge, Rng&) override {
    if (edge.out == 4) throw std::invalid_argument("too few units");
  }
};

// Redraws its factor now and then from a key that it does not show.
class HidesItsKey final : public Scaled {
  void initialize(const EdgeShape&, Rng& rng) override { key_ = rng.bits(); }
  void before_step(ConstRef W, std::int64_t examples_seen) override {
    Scaled::before_step(W, examples_seen);
    refreshes_ = examples_seen / 6400;
    factor_ = static_cast<double>(key_ % 97) + static_cast<double>(refreshes_);
  }
  [[nodiscard]] double factor() const override { return factor_; }
  void visit_state(StateVisitor& visitor) override { visitor.counter("refreshes", refreshes_); }
  std::uint64_t key_ = 0;
  std::int64_t refreshes_ = 0;
  double factor_ = 1;
};

// A step that leaves the hidden layers as they are.
class TrainsTheTopAlone final : public LearningStep {
  [[nodiscard]] std::string kind() const override { return "top_alone"; }
  void prepare(Network& network, Index capacity, std::uint64_t) override {
    workspace_ = std::make_unique<Workspace>(network, capacity);
  }
  double run(const Batch& batch, const StepContext& context) override {
    const std::size_t top = context.network.depth() - 1;
    context.network.forward(batch.inputs(), *workspace_, Phase::training);
    const double loss = context.loss.value_and_error(
        workspace_->output(top), {batch.targets(), batch.labels()}, workspace_->error(top));
    for (std::size_t l = 0; l < top; ++l) workspace_->error(l).setZero();
    context.optimizer.step(context.network, batch.inputs(), *workspace_);
    return loss;
  }
  std::unique_ptr<Workspace> workspace_;
};

// Goes faster from step to step without saying so.
class HidesItsCount final : public LearningStep {
  [[nodiscard]] std::string kind() const override { return "hides_its_count"; }
  void prepare(Network& network, Index capacity, std::uint64_t seed) override {
    step_.prepare(network, capacity, seed);
  }
  double run(const Batch& batch, const StepContext& context) override {
    StepContext faster = context;
    faster.lr_factor = ++steps_;
    return step_.run(batch, faster);
  }
  BackwardStep step_;
  int steps_ = 0;
};

}  // namespace

TEST_CASE("every rule obeys the laws") {
  REQUIRE(own_rules.size() > 2);
  for (std::string rule : own_rules) {
    // The networks of the laws have few outputs.
    if (rule == "sparse") rule += ":density=0.5";
    if (rule == "lowrank") rule += ":rank=2";
    CHECK(all_broken(rule) == "");
  }
  for (const char* rule :
       {"fa:init=kaiming_uniform", "sign:period=1:scale=norm", "sign:period=1:scale=xavier",
        "sparse:density=0.5:direct=yes", "lowrank:rank=2:direct=yes", "delayed:examples=1"}) {
    CHECK(all_broken(rule) == "");
  }
  for (const std::string& step : own_steps) CHECK(join(broken_rule_laws("fa", step), "\n") == "");
}

TEST_CASE("each law finds the rule that breaks it, and names the law, the rule and the place") {
  add<Spoiled>("unspoiled");
  CHECK(all_broken("unspoiled") == "");

  const auto finds = [](const std::string& rule, const std::string& law) {
    CAPTURE(rule);
    CHECK_MESSAGE(all_broken(rule).find("rule '" + rule + "' " + law) != std::string::npos, all_broken(rule));
  };
  add<ForgetsToTranspose>("forgets_to_transpose");
  finds("forgets_to_transpose", "says a matrix that does not fit the edge (units below 9, above 4)");
  add<IsNotFinite>("is_not_finite");
  finds("is_not_finite", "says a matrix that is not finite (units below 9, above 4)");
  add<SendsZeros>("sends_zeros");
  finds("sends_zeros", "says a matrix of nothing but zeros (units below 9, above 4)");
  add<CountsItsSends>("counts_its_sends");
  finds("counts_its_sends", "does not say the same matrix when asked again");
  add<DrawsItsOwnNumbers>("draws_its_own_numbers");
  finds("draws_its_own_numbers", "does not say the same matrix from the same random stream");
  finds("draws_its_own_numbers", "does not train to the same bits when repeated");
  add<HidesItsState>("hides_its_state");
  finds("hides_its_state", "does not show its whole state");
  add<DoublesB>("doubles_b");
  finds("doubles_b", "is not backpropagation bit for bit when B is the transpose of W");
  add<StoresBLikeW>("stores_b_like_w");
  finds("stores_b_like_w", "stores a B that does not have the shape of the transpose of W");
  add<RefusesEdges>("refuses_edges");
  finds("refuses_edges", "cannot serve an edge: too few units (units below 9, above 4)");
  add<HidesItsKey>("hides_its_key");
  finds("hides_its_key", "does not show its whole state");
  add<DeniesTransport>("denies_transport");
  finds("denies_transport", "says that no bits of W have crossed over, but takes its matrix from W");

  register_step("top_alone", StepUse::as_rule, [](Spec&) { return std::make_unique<TrainsTheTopAlone>(); });
  finds("top_alone", "does not move layers.0.weight (1 hidden layers, tanh, sgd)");
  finds("top_alone", "updates parameters although the loss is not finite (2 hidden layers)");
  register_step("hides_its_count", StepUse::with_feedback,
                [](Spec&) { return std::make_unique<HidesItsCount>(); });
  CHECK(
      join(broken_rule_laws("bp", "hides_its_count"), "\n") ==
      "rule 'bp' with step 'hides_its_count' does not show its whole state: a step that is given it goes on "
      "differently (2 hidden layers)");
}

TEST_CASE("the laws of an unknown rule cannot be checked") {
  CHECK_THROWS_WITH_AS(broken_rule_laws("sgn"), doctest::Contains("unknown rule 'sgn' (nearest: sign"),
                       std::invalid_argument);
}
