// Measures the library against this machine's peak and against other libraries.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "soap/base/text.hpp"
#include "soap/base/version.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/linalg/instruction_set.hpp"
#include "soap/linalg/threads.hpp"

#include "apps/command_line.hpp"
#include "blas.hpp"
#include "fma_peak.hpp"
#include "plan.hpp"
#include "table.hpp"

namespace {

struct Settings {
  bench::Scope scope;
  bench::Pace pace{};
  std::string filter;
  std::string out;
};

cxxopts::Options flags() {
  cxxopts::Options options(
      "soap_bench",
      "Measures matrix products, activations, training steps and epochs, and prints one table. ./dev bench "
      "--peers measures training steps beside other libraries too and has flags of its own.");
  auto add = options.add_options();
  add("quick", "few shapes, a few seconds: to see that it works; the figures mean little");
  add("threads", "threads that \"all\" stands for (default: OMP_NUM_THREADS, else all cores)",
      cxxopts::value<std::string>(), "N");
  add("benchmark_filter", "measure the groups of which a name matches",
      cxxopts::value<std::string>()->default_value(""), "REGEX");
  add("benchmark_repetitions", "rounds, in each of which every contender is measured (default: 15, quick: 3)",
      cxxopts::value<std::string>(), "N");
  add("benchmark_out", "write Google Benchmark's JSON to this file",
      cxxopts::value<std::string>()->default_value(""), "FILE");
  add("benchmark_list_tests", "print the names and stop");
  add("help", "print this text");
  return options;
}

// Throws before the minutes of measuring if the file could not be written after them.
void check_can_be_written(const std::string& out) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(out, error), error);
  const fs::path folder = target.parent_path();
  const fs::file_status status = fs::status(target, error);
  const char* problem = nullptr;
  if (!fs::is_directory(folder, error)) {
    problem = "whose folder does not exist";
  } else if (fs::exists(status) && !fs::is_regular_file(status)) {
    problem = "which is no ordinary file";
  } else if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    problem = "whose folder cannot be written to";
  }
  if (problem == nullptr) return;
  throw std::invalid_argument("--benchmark_out: found '" + out + "', " + problem +
                              ", expected the name of a file that can be written");
}

Settings resolve(const cxxopts::ParseResult& given) {
  Settings settings;
  constexpr std::int64_t most_threads = 1024;
  settings.scope.quick = given["quick"].as<bool>();
  settings.scope.all_threads = soap::usable_threads();
  if (given.count("threads") > 0)
    settings.scope.all_threads = static_cast<int>(command_line::integer(given, "threads", 1, most_threads));
  settings.pace = settings.scope.quick ? bench::Pace{.rounds = 3, .timed = 0.002, .warm_up = 0.001}
                                       : bench::Pace{.rounds = 15, .timed = 0.02, .warm_up = 0.04};
  if (given.count("benchmark_repetitions") > 0) {
    constexpr std::int64_t most_rounds = 10'000;
    settings.pace.rounds =
        static_cast<int>(command_line::integer(given, "benchmark_repetitions", 1, most_rounds));
  }
  settings.filter = given["benchmark_filter"].as<std::string>();
  settings.out = given["benchmark_out"].as<std::string>();
  if (!settings.out.empty()) check_can_be_written(settings.out);
  try {
    const std::regex check(settings.filter);
  } catch (const std::regex_error&) {
    throw std::invalid_argument("--benchmark_filter: found '" + settings.filter +
                                "', expected a regular expression");
  }
  return settings;
}

// A contender's name, as Google Benchmark has it.
std::string name_of(const bench::Group& group, const bench::Contender& contender) {
  return group.name + "/threads:" + std::to_string(group.threads) + '/' + contender.name;
}

bool matches(const bench::Group& group, const std::regex& filter) {
  return std::any_of(group.contenders.begin(), group.contenders.end(),
                     [&](const bench::Contender& contender) {
                       return std::regex_search(name_of(group, contender), filter);
                     });
}

bench::Groups chosen_groups(const Settings& settings) {
  const bench::Scope& scope = settings.scope;
  bench::Groups groups;
  bench::add_peak(groups, scope);
  bench::add_gemm(groups, scope);
  bench::add_activations(groups, scope);
  bench::add_steps(groups, scope);
  bench::add_pair(groups, scope);
  bench::add_data(groups, scope);
  const std::regex filter(settings.filter);
  std::erase_if(groups, [&](const auto& group) { return !matches(*group, filter); });
  if (groups.empty()) {
    throw std::invalid_argument("--benchmark_filter: found '" + settings.filter +
                                "', which matches nothing, expected a part of a name that "
                                "--benchmark_list_tests prints");
  }
  return groups;
}

// One line on stderr that says how far it has come.
void show_progress(const std::string& text) {
  if (isatty(STDERR_FILENO) != 0) {
    std::cerr << "\r\033[K" << text << std::flush;
  } else if (!text.empty()) {
    std::cerr << text << '\n' << std::flush;
  }
}

// Google Benchmark asks for one contender after the other; the first of a group has the whole group measured,
// and each then hands over the times that it got there, round by round.
void register_group(bench::Group& group, const bench::Pace& pace, const std::string& progress) {
  for (std::size_t i = 0; i < group.contenders.size(); ++i) {
    const auto round = std::make_shared<std::size_t>(0);
    const auto hand_over = [&group, pace, progress, i, round](benchmark::State& state) {
      if (group.seconds.empty()) {
        show_progress(progress);
        bench::measure(group, pace);
      }
      const bench::Contender& contender = group.contenders[i];
      const double seconds = group.seconds[i].at((*round)++);
      for ([[maybe_unused]] auto iteration : state) state.SetIterationTime(seconds);
      if (contender.flops > 0) state.counters["flops_per_second"] = contender.flops / seconds;
      if (contender.items > 0) state.counters["items_per_second"] = contender.items / seconds;
    };
    benchmark::RegisterBenchmark(name_of(group, group.contenders[i]).c_str(), hand_over)
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(pace.rounds)
        ->ComputeStatistics("spread", bench::spread, benchmark::kPercentage);
  }
}

void register_groups(const bench::Groups& groups, const bench::Pace& pace) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bench::Group& group = *groups[i];
    register_group(*groups[i], pace,
                   std::to_string(i + 1) + " of " + std::to_string(groups.size()) + ": " + group.title +
                       ", threads: " + std::to_string(group.threads));
  }
}

// Google Benchmark's JSON, kept back until it is whole.
class JsonText final : public benchmark::BenchmarkReporter {
 public:
  JsonText() { json_.SetOutputStream(&text_); }

  bool ReportContext(const Context& context) override { return json_.ReportContext(context); }
  void ReportRuns(const std::vector<Run>& runs) override { json_.ReportRuns(runs); }
  void Finalize() override { json_.Finalize(); }

  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  benchmark::JSONReporter json_;
  std::ostringstream text_;
};

void describe_machine() {
  benchmark::AddCustomContext("soap_version", soap::version());
  benchmark::AddCustomContext("soap_instruction_set", soap::instruction_set());
  benchmark::AddCustomContext("peak_instruction_set", bench::fma_peak().name);
  for (const auto& blas : bench::blas_libraries())
    benchmark::AddCustomContext(blas.name, blas.sgemm == nullptr ? "not installed" : blas.version);
}

std::string footnotes() {
  std::string text =
      "median over the rounds; ± %: half the range of the middle half; peak: multiply-adds of " +
      bench::fma_peak().name +
      ", measured in\nthe same rounds on as many threads; ratio: median over the rounds\n";
  for (const auto& blas : bench::blas_libraries())
    if (blas.sgemm == nullptr) text += blas.name + " is not installed\n";
  return text;
}

int soap_bench(int argc, const char* const* argv) {
  cxxopts::Options options = flags();
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  const Settings settings = resolve(*given);
  const bench::Groups groups = chosen_groups(settings);
  if (given->count("benchmark_list_tests") > 0) {
    for (const auto& group : groups)
      for (const auto& contender : group->contenders) std::cout << name_of(*group, contender) << '\n';
    return command_line::done;
  }
  register_groups(groups, settings.pace);
  describe_machine();
  // Its own flags are not for our users: ours have the same names where they do the same.
  std::string program = "soap_bench";
  std::vector<char*> arguments{program.data(), nullptr};
  int count = 1;
  benchmark::Initialize(&count, arguments.data());
  JsonText json;
  benchmark::RunSpecifiedBenchmarks(&json, ".");
  show_progress("");
  std::cout << bench::table(groups) << '\n' << bench::gemm_summary(groups) << footnotes() << std::flush;
  if (!settings.out.empty()) soap::write_file_atomically(settings.out, json.text());
  return command_line::done;
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("soap_bench", [&] { return soap_bench(argc, argv); });
}
