// Full training steps: every rule in turn with backpropagation, optimizers, and two networks at once.
#include <barrier>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "soap/base/text.hpp"
#include "soap/linalg/threads.hpp"

#include "fma_peak.hpp"
#include "plan.hpp"
#include "table.hpp"
#include "training.hpp"

namespace bench {

namespace {

// A rule, or a rule under a step other than the ordinary one: "bp under soap".
Run training_run(const Workload& workload, const std::string& method, int threads) {
  constexpr std::string_view under = " under ";
  const std::size_t at = method.find(under);
  const std::string step = at == std::string::npos ? "backward" : method.substr(at + under.size());
  const auto training = std::make_shared<Training>(workload, method.substr(0, at), step);
  return [training, threads](std::int64_t steps) {
    soap::set_threads(threads);
    training->run(steps);
  };
}

// "784-256-10 tanh sgd 64": the loss goes without saying.
std::string title(const std::string& text) {
  const auto parts = soap::split(text, ':');
  return parts[0] + ' ' + parts[1] + ' ' + parts[3] + ' ' + parts[4];
}

// The places in a step's group: the peak, and then the rules, of which backpropagation is the first.
constexpr std::size_t backpropagation = 1;

std::vector<Row> step_rows(const Group& group) {
  auto rows = all_rows(group);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    rows[i].ratio = soap::fixed(time_ratio(group, backpropagation + i, backpropagation), 3) + " of bp";
  }
  return rows;
}

void add_step(Groups& groups, const std::string& text, const std::vector<std::string>& rules, int threads) {
  const Workload workload = parse_workload(text);
  std::vector<Contender> contenders{peak_contender(threads)};
  for (const auto& rule : rules) {
    contenders.push_back(
        {.name = rule, .flops = step_flops(workload), .items = static_cast<double>(workload.batch)});
  }
  const auto make = [=] {
    std::vector<Run> runs{fma_run(fma_peak(), threads)};
    for (const auto& rule : rules) runs.push_back(training_run(workload, rule, threads));
    return runs;
  };
  groups.push_back(std::make_unique<Group>(Group{.name = "step/" + text,
                                                 .title = "step " + title(text),
                                                 .threads = threads,
                                                 .contenders = std::move(contenders),
                                                 .make = make,
                                                 .rows = step_rows}));
}

// Each of the trainings takes the steps on a thread of its own; all begin together.
void run_side_by_side(const std::vector<std::shared_ptr<Training>>& trainings, std::int64_t steps) {
  std::barrier start(static_cast<std::ptrdiff_t>(trainings.size()));
  std::vector<std::thread> threads;
  threads.reserve(trainings.size());
  for (const auto& training : trainings) {
    threads.emplace_back([&start, &training, steps] {
      soap::set_threads(1);
      start.arrive_and_wait();
      training->run(steps);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

Run side_by_side(const Workload& workload, int networks) {
  std::vector<std::shared_ptr<Training>> trainings;
  for (int i = 0; i < networks; ++i) trainings.push_back(std::make_shared<Training>(workload));
  return [trainings](std::int64_t steps) { run_side_by_side(trainings, steps); };
}

std::vector<Row> pair_rows(const Group& group) {
  auto rows = all_rows(group);
  rows[1].threads = std::to_string(2);
  rows[1].ratio = soap::fixed(2 * time_ratio(group, 0, 1), 2) + " of one";
  return rows;
}

}  // namespace

void add_steps(Groups& groups, const Scope& scope) {
  const std::vector<std::string> rules{"bp", "fa", "sign:period=6400"};
  std::vector<std::string> workloads{"784-256-10:tanh:cross_entropy:sgd:64", "4-32-16-4:tanh:mse:sgd:1"};
  std::vector<std::string> others{"784-256-10:tanh:cross_entropy:adam:64"};
  if (!scope.quick) {
    workloads = {"784-256-10:tanh:cross_entropy:sgd:64",
                 "784-256-10:tanh:cross_entropy:sgd:8",
                 "784-256-10:tanh:cross_entropy:sgd:1",
                 "4-32-16-4:tanh:mse:sgd:1",
                 "4-32-16-4:tanh:mse:sgd:32",
                 "784-512-512-10:relu:cross_entropy:sgd:128",
                 "784-1024-1024-1024-10:relu:cross_entropy:sgd:256"};
    others.emplace_back("784-256-10:tanh:cross_entropy:momentum:64");
  }
  for (const auto& workload : workloads)
    for (const int threads : thread_counts(scope)) add_step(groups, workload, rules, threads);
  if (!scope.quick) {
    const std::vector<std::string> family{"bp",    "dfa",     "usf",     "frsf", "brsf",
                                          "drtp",  "sparse",  "lowrank", "kp",   "wm",
                                          "noisy", "delayed", "pepita",  "dtp",  "bp under soap"};
    for (const auto& workload :
         {"784-256-10:tanh:cross_entropy:sgd:64", "784-240-240-240-10:tanh:cross_entropy:sgd:64",
          "784-512-512-10:tanh:cross_entropy:sgd:128"}) {
      for (const int threads : thread_counts(scope)) add_step(groups, workload, family, threads);
    }
  }
  for (const auto& workload : others)
    for (const int threads : thread_counts(scope)) add_step(groups, workload, {"bp"}, threads);
}

void add_pair(Groups& groups, const Scope& scope) {
  if (scope.all_threads < 2) return;
  const std::string text = "784-256-10:tanh:cross_entropy:sgd:64";
  const Workload workload = parse_workload(text);
  const double batch = workload.batch;
  groups.push_back(std::make_unique<Group>(
      Group{.name = "side by side/" + text,
            .title = "step " + title(text),
            .threads = 1,
            .contenders = {{.name = "one network", .flops = step_flops(workload), .items = batch},
                           {.name = "two networks", .flops = 2 * step_flops(workload), .items = 2 * batch}},
            .make =
                [=] {
                  return std::vector<Run>{side_by_side(workload, 1), side_by_side(workload, 2)};
                },
            .rows = pair_rows}));
}

}  // namespace bench
