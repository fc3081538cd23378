// The trial and the network whose files are fuzzed.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "soap/nn/mlp.hpp"
#include "soap/trial/trial.hpp"

namespace fuzz {

inline const soap::ImageDataset& checkpoint_images() {
  static const soap::ImageDataset few({.pixels = {0, 255, 0, 255, 255, 0, 255, 0},
                                       .labels = {0, 1, 1, 0},
                                       .shape = {.height = 1, .width = 2},
                                       .classes = 2});
  return few;
}

/// Two epochs of two steps.
inline soap::TrialOptions checkpoint_options() {
  return {.rule = "fa", .hidden = {2}, .optimizer = "adam", .lr = 0.01, .batch_size = 2, .epochs = 2};
}

inline soap::TrialFiles checkpoint_files(const std::filesystem::path& checkpoint) {
  return {.checkpoint = checkpoint, .checkpoint_every = 1'000'000, .data = "images"};
}

/// Goes on from the checkpoint, where there is one, and stops after a step; a result is returned as it is.
inline soap::TrialResult run_until_stopped(const std::filesystem::path& checkpoint) {
  std::vector<std::unique_ptr<soap::Observer>> observers;
  observers.push_back(soap::every_step([](const soap::StepEnd& event) { event.control.stop(); }));
  return soap::run_trial(checkpoint_options(), checkpoint_images(), checkpoint_images(), std::move(observers),
                         checkpoint_files(checkpoint));
}

inline soap::Network model_network() { return soap::mlp({3, 4, 2}, {.rule = "kp"}); }

}  // namespace fuzz
