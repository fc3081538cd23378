#include "soap/base/error.hpp"
#include "soap/experiment/trial.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

namespace {

const soap::ImageDataset& images() {
  static const soap::ImageDataset few({.pixels = {0, 255, 0, 255, 255, 0, 255, 0},
                                       .labels = {0, 1, 1, 0},
                                       .shape = {.height = 1, .width = 2},
                                       .classes = 2});
  return few;
}

}  // namespace

// A run of two epochs that goes on from the checkpoint and is stopped at its next step, or the result of one.
bool checkpoint(std::string_view bytes) {
  const soap::TrialOptions options{.rule = "fa", .hidden = {2}, .optimizer = "adam", .batch_size = 2};
  return taken<soap::IoError>([&] {
    std::vector<std::unique_ptr<soap::Observer>> observers;
    observers.push_back(soap::every_step([](const soap::StepEnd& event) { event.control.stop(); }));
    (void)soap::run_trial(options, images(), images(), std::move(observers),
                          {.checkpoint = file(bytes), .checkpoint_every = 1'000'000, .data = "images"});
  });
}

}  // namespace fuzz
