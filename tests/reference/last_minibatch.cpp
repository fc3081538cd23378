// What the last minibatch of an epoch does to an accuracy that is read right after it, as a Markdown table:
// 784-100-10 tanh, backpropagation, plain SGD, batches of at most 64, one epoch on 50,000 training images,
// judged by the other 10,000, seeds 1 to 10, with batches of even size and with 781 full ones and one of 16.
//
//   last_minibatch FOLDER LR...
//
// FOLDER: the files of MNIST or Fashion-MNIST. Exit status 77, "skipped", without one.
#include <iostream>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/data/mnist.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/report/report_words.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/trial/runner.hpp"

using namespace soap;

namespace {

std::string accuracy(const TrainTest& data, double lr, BatchSizes sizes) {
  std::vector<TrialOptions> trials;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    trials.push_back({.hidden = {100}, .lr = lr, .batch_sizes = sizes, .epochs = 1, .seed = seed});
  }
  std::vector<double> accuracies;
  for (const auto& result : run_trials(trials, data.train, data.test, {.threads = usable_threads()}))
    accuracies.push_back(result.test ? result.test->accuracy.value() : 0.1);
  const MeanAndDeviation found = mean_and_deviation(accuracies);
  return percent_text(found.mean) + " ± " + percent_text(found.deviation);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::string(argv[1]).empty()) {
    std::cout << "skipped: no folder with MNIST's files\n";
    return 77;
  }
  const TrainTest all = read_mnist(argv[1]);
  const TrainTest data = hold_out(all.train, 10'000);
  std::vector<std::vector<std::string>> rows;
  for (int i = 2; i < argc; ++i) {
    const double lr = parse_number("lr", argv[i]);
    rows.push_back(
        {to_text(lr), accuracy(data, lr, BatchSizes::even), accuracy(data, lr, BatchSizes::full_but_last)});
  }
  std::cout << markdown_table(
      {data_name(all, fingerprint(all)) + ", lr", "782 batches of 63 or 64, %", "781 of 64 and one of 16, %"},
      rows);
}
