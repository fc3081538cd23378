#include "soap/feedback/registry.hpp"

#include <utility>

#include "soap/base/registry.hpp"
#include "soap/feedback/delayed.hpp"
#include "soap/feedback/direct.hpp"
#include "soap/feedback/kolen_pollack.hpp"
#include "soap/feedback/noisy.hpp"
#include "soap/feedback/random.hpp"
#include "soap/feedback/sign.hpp"
#include "soap/feedback/sign_symmetry.hpp"
#include "soap/feedback/transpose.hpp"
#include "soap/feedback/weight_mirror.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

template <class Rule, auto... options>
std::unique_ptr<Feedback> make_drawn(Spec& spec) {
  return std::make_unique<Rule>(take_dense(spec), options...);
}

template <auto take_drawing>
std::unique_ptr<Feedback> make_random_or_direct(Spec& spec) {
  const FeedbackDrawing drawing = take_drawing(spec);
  if (spec.take_yes("direct", false, "yes: straight from the output, as dfa"))
    return std::make_unique<DirectFeedback>(drawing);
  return std::make_unique<RandomFeedback>(drawing);
}

template <Magnitudes magnitudes>
std::unique_ptr<Feedback> make_sign_symmetry(Spec& spec) {
  return SignSymmetryFeedback::make(magnitudes, spec);
}

Registry<std::unique_ptr<Feedback>>& rules() {
  static Registry<std::unique_ptr<Feedback>> registry(
      "rule",
      {
          {"bp", "backpropagation: through the transposed weights", make_plain<TransposeFeedback>},
          {"brsf", "through the signs of W, with sizes drawn anew at each step",
           make_sign_symmetry<Magnitudes::redrawn>},
          {"delayed", "a control: through the transposed weights of some time ago", DelayedFeedback::make},
          {"dfa", "direct feedback alignment: through a fixed random matrix, straight from the output",
           make_drawn<DirectFeedback>},
          {"drtp",
           "direct random target projection: no error comes, only the target, through a fixed random matrix",
           make_drawn<DirectFeedback, Carries::targets>},
          {"fa", "feedback alignment: through a fixed random matrix", make_drawn<RandomFeedback>},
          {"frsf", "through the signs of W, with sizes drawn once", make_sign_symmetry<Magnitudes::fixed>},
          {"kp", "Kolen-Pollack: through a matrix that is trained beside W and learns to be its transpose",
           make_drawn<KolenPollackFeedback>},
          {"lowrank", "as fa or dfa, through a random matrix of low rank",
           make_random_or_direct<take_low_rank>},
          {"noisy", "a control: through the transposed weights with noise", NoisyFeedback::make},
          {"sign", "through the signs of W, copied now and then", SignFeedback::make},
          {"sparse", "as fa or dfa, through a random matrix of few entries",
           make_random_or_direct<take_sparse>},
          {"usf", "through the signs of W, all of one size", make_sign_symmetry<Magnitudes::uniform>},
          {"wm", "weight mirror: through a matrix that learns W from noise, in phases of its own",
           WeightMirrorFeedback::make},
      });
  return registry;
}

}  // namespace

std::unique_ptr<Feedback> make_feedback(std::string_view text) {
  Spec spec("rule", text);
  auto made = rules().make(spec);
  made->set_rule(spec.canonical());
  return made;
}

void register_feedback(const std::string& name, FeedbackFactory factory, std::string meaning) {
  rules().add({name, std::move(meaning), std::move(factory)});
}

std::vector<std::string> feedback_names() { return rules().names(); }

std::vector<SpecName> feedback_entries() { return rules().entries(); }

}  // namespace SOAP_ABI
}  // namespace soap
