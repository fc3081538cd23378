// The published laws, held to rules that obey them and to rules that break one each.
#include "soap/testing/rule_laws.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/text.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/feedback/transpose.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/gemm.hpp"

using namespace soap;
using testing::broken_rule_laws;

namespace {

// The library's own: tests add theirs later.
const std::vector<std::string> own_rules = rule_names();

std::string all_broken(const std::string& rule) { return join(broken_rule_laws(rule), "\n"); }

// Backpropagation as far as a derived rule does not spoil it.
class Spoiled : public Feedback {
 public:
  void send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(1, W.transpose(), delta, 0, below);
  }
};

template <class Rule>
void add(const std::string& name) {
  register_feedback(name, [](Spec&) { return std::make_unique<Rule>(); });
}

class ForgetsAnElement final : public Spoiled {
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override {
    const Scalar kept = below(below.rows() - 1, 0);
    Spoiled::send_down(W, delta, teaching, below);
    below(below.rows() - 1, 0) = kept;
  }
};

class SendsZeros final : public Spoiled {
  void send_down(ConstRef, ConstRef, const Teaching&, Ref below) const override { below.setZero(); }
};

class SendsSigns final : public Spoiled {
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override {
    Spoiled::send_down(W, delta, teaching, below);
    below = below.array().sign();
  }
};

class LooksAtTargets final : public Spoiled {
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override {
    Spoiled::send_down(W, delta, teaching, below);
    below.array() += teaching.targets.sum();
  }
};

class CountsItsSends final : public Spoiled {
  void send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(static_cast<Scalar>(++sends_), W.transpose(), delta, 0, below);
  }
  mutable int sends_ = 0;
};

class DrawsItsOwnNumbers final : public Spoiled {
 public:
  DrawsItsOwnNumbers() : factor_(++made_) {}

 private:
  void send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(static_cast<Scalar>(factor_), W.transpose(), delta, 0, below);
  }
  static inline int made_ = 0;
  int factor_;
};

class HidesItsState final : public Spoiled {
  void initialize(const EdgeShape&, Rng& rng) override { factor_ = 1 + rng.uniform(); }
  void send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(static_cast<Scalar>(factor_), W.transpose(), delta, 0, below);
  }
  double factor_ = 0;
};

class DoublesB final : public Spoiled {
  void initialize(const EdgeShape& edge, Rng&) override { B_ = Matrix::Ones(edge.in, edge.out); }
  void send_down(ConstRef, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(2, B_, delta, 0, below);
  }
  void visit_state(StateVisitor& visitor) override { visitor.matrix("B", B_); }
  Matrix B_;
};

class DeniesTransport final : public Spoiled {
  [[nodiscard]] std::optional<double> transported_bits(ConstRef, std::int64_t) const override { return 0; }
};

class SendsTinySigns final : public Spoiled {
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override {
    Spoiled::send_down(W, delta, teaching, below);
    below = Scalar(1e-6) * below.array().sign();
  }
};

class MixesExamples final : public Spoiled {
  void send_down(ConstRef W, ConstRef delta, const Teaching& teaching, Ref below) const override {
    Spoiled::send_down(W, delta, teaching, below);
    const Matrix mean = below.rowwise().mean();
    below.colwise() = mean.col(0);
  }
};

class StoresBLikeW final : public Spoiled {
  void initialize(const EdgeShape& edge, Rng&) override { B_ = Matrix::Ones(edge.out, edge.in); }
  void send_down(ConstRef, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(1, B_.transpose(), delta, 0, below);
  }
  void visit_state(StateVisitor& visitor) override { visitor.matrix("B", B_); }
  Matrix B_;
};

class RefusesEdges final : public Spoiled {
  void initialize(const EdgeShape& edge, Rng&) override {
    if (edge.out == 4) throw std::invalid_argument("too few units");
  }
};

// Redraws its factor now and then from a key that it does not show.
class HidesItsKey final : public Spoiled {
  void initialize(const EdgeShape&, Rng& rng) override { key_ = rng.bits(); }
  void before_step(ConstRef, std::int64_t examples_seen) override {
    refreshes_ = examples_seen / 6400;
    factor_ = static_cast<double>(key_ % 97) + static_cast<double>(refreshes_);
  }
  void send_down(ConstRef W, ConstRef delta, const Teaching&, Ref below) const override {
    gemm(static_cast<Scalar>(factor_), W.transpose(), delta, 0, below);
  }
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
}

TEST_CASE("each law finds the rule that breaks it, and names the law, the rule and the place") {
  add<Spoiled>("unspoiled");
  CHECK(all_broken("unspoiled") == "");

  const auto finds = [](const std::string& rule, const std::string& law) {
    CAPTURE(rule);
    CHECK_MESSAGE(all_broken(rule).find("rule '" + rule + "' " + law) != std::string::npos, all_broken(rule));
  };
  add<ForgetsAnElement>("forgets_an_element");
  finds(
      "forgets_an_element",
      "leaves elements of the error below unwritten, or writes what is not finite (units below 9, above 4)");
  add<SendsZeros>("sends_zeros");
  finds("sends_zeros", "sends nothing but zeros (units below 9, above 4)");
  finds("sends_zeros",
        "cannot train: rule 'sends_zeros' sends nothing but zeros down through layer 2 (dense 16-4): nothing "
        "below "
        "it would learn (1 hidden layers, tanh, sgd)");
  add<SendsSigns>("sends_signs");
  finds("sends_signs", "is not linear in the signal that it carries");
  add<LooksAtTargets>("looks_at_targets");
  finds("looks_at_targets", "depends on a signal that it does not say it carries");
  add<CountsItsSends>("counts_its_sends");
  finds("counts_its_sends", "does not send the same bits when asked again");
  add<DrawsItsOwnNumbers>("draws_its_own_numbers");
  finds("draws_its_own_numbers", "does not send the same bits from the same random stream");
  finds("draws_its_own_numbers", "does not train to the same bits when repeated");
  add<HidesItsState>("hides_its_state");
  finds("hides_its_state", "does not show its whole state");
  add<DoublesB>("doubles_b");
  finds("doubles_b", "is not backpropagation bit for bit when B is the transpose of W");
  add<SendsTinySigns>("sends_tiny_signs");
  finds("sends_tiny_signs", "is not linear in the signal that it carries");
  add<MixesExamples>("mixes_examples");
  finds("mixes_examples", "mixes the examples of a batch");
  add<StoresBLikeW>("stores_b_like_w");
  finds("stores_b_like_w", "stores a B that does not have the shape of the transpose of W");
  add<RefusesEdges>("refuses_edges");
  finds("refuses_edges", "cannot serve an edge: too few units (units below 9, above 4)");
  add<HidesItsKey>("hides_its_key");
  finds("hides_its_key", "does not show its whole state");
  add<DeniesTransport>("denies_transport");
  finds("denies_transport", "says that no bits of W have crossed over, but reads W when it sends");

  register_step("top_alone", StepUse::as_rule, [](Spec&) { return std::make_unique<TrainsTheTopAlone>(); });
  finds("top_alone", "does not move layers.0.weight (1 hidden layers, tanh, sgd)");
}

TEST_CASE("the laws of an unknown rule cannot be checked") {
  CHECK_THROWS_WITH_AS(broken_rule_laws("sgn"), doctest::Contains("unknown rule 'sgn' (nearest: sign"),
                       std::invalid_argument);
}
