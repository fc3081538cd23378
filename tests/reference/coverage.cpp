// How often the intervals and tests of soap/statistics are wrong, by simulation: the tables of
// docs/results/statistics.md. Usage: statistics_coverage [SIMULATIONS [TABLE]]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "soap/linalg/random.hpp"
#include "soap/statistics/distributions.hpp"
#include "soap/statistics/equivalence.hpp"
#include "soap/statistics/family.hpp"
#include "soap/statistics/interval.hpp"
#include "soap/statistics/looks.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/statistics/power.hpp"
#include "soap/statistics/sign_flip.hpp"

using namespace soap;

namespace {

using Values = std::vector<double>;

// Drawn signs are coarser here than where a single test is made, for the sake of time.
const SignFlipOptions coarse{.samples = 9'999};

struct Kind {
  const char* name;
  double mean;
  double (*draw)(Rng&);
};

// Accuracies.
const std::vector<Kind> kinds{
    {"normal", 0.95, [](Rng& rng) { return 0.95 + 0.002 * rng.normal(); }},
    {"skewed", 1 - 0.05 * std::exp(0.125), [](Rng& rng) { return 1 - 0.05 * std::exp(0.5 * rng.normal()); }},
    {"discrete", 0.95, [](Rng& rng) { return std::round(1e4 * (0.95 + 0.0002 * rng.normal())) / 1e4; }},
    {"1 in 10 diverged", 0.9 * 0.95 + 0.1 * 0.1,
     [](Rng& rng) { return rng.uniform() < 0.1 ? 0.1 : 0.95 + 0.002 * rng.normal(); }},
};

// "95.1 ± 0.2": a share in percent with its standard error.
std::string percent(int hits, int of) {
  const double share = static_cast<double>(hits) / of;
  char text[40];
  std::snprintf(text, sizeof text, "%.1f ± %.1f", 100 * share, 100 * std::sqrt(share * (1 - share) / of));
  return text;
}

Values normal_values(Rng& rng, std::size_t count, double mean = 0) {
  Values values(count);
  for (double& value : values) value = mean + rng.normal();
  return values;
}

// An interval by inversion holds a mean exactly when the test of the differences from it does not reject it.
bool holds_by_signs(Values values, double mean) {
  for (double& value : values) value -= mean;
  return sign_flip_test(values, coarse) >= 0.05;
}

bool holds_by_student(const Values& values, double mean) {
  const MeanAndDeviation found = mean_and_deviation(values);
  const auto n = static_cast<double>(values.size());
  const double reach = student_t_above(0.025, static_cast<int>(n) - 1) * found.deviation / std::sqrt(n);
  return std::abs(found.mean - mean) <= reach;
}

// Which share of the resampled means is to lie beyond each end (Hesterberg, 2015, section 5.4).
double expanded_tail(double tail, std::size_t count) {
  const auto n = static_cast<double>(count);
  return normal_below(-std::sqrt(n / (n - 1)) * student_t_above(tail, static_cast<int>(count) - 1));
}

// A 95 % interval by Efron's percentile bootstrap (1979), expanded as in Hesterberg (2015), "What teachers
// should know about the bootstrap".
Interval bootstrap_interval(const Values& values) {
  Rng rng(1, "bootstrap");
  Values means(1000);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[rng.below(values.size())];
    mean = sum / static_cast<double>(values.size());
  }
  std::sort(means.begin(), means.end());
  const auto beyond =
      static_cast<std::size_t>(expanded_tail(0.025, values.size()) * static_cast<double>(means.size()));
  return {.low = means[beyond], .high = means[means.size() - 1 - beyond]};
}

void print_coverage(int simulations) {
  std::printf("## Coverage of 95 %% intervals of a mean, in %%\n\n%d simulations a row.\n\n", simulations);
  std::printf("| values | n | sign flips | Student's t | expanded bootstrap |\n|---|---|---|---|---|\n");
  for (const Kind& kind : kinds) {
    for (const std::size_t n : {5, 6, 8, 10, 15, 20, 30}) {
      Rng rng(1, kind.name, n);
      int signs = 0;
      int student = 0;
      int bootstrap = 0;
      Values values(n);
      for (int i = 0; i < simulations; ++i) {
        for (double& value : values) value = kind.draw(rng);
        signs += holds_by_signs(values, kind.mean) ? 1 : 0;
        student += holds_by_student(values, kind.mean) ? 1 : 0;
        bootstrap += bootstrap_interval(values).contains(kind.mean) ? 1 : 0;
      }
      std::printf("| %s | %zu | %s | %s | %s |\n", kind.name, n,
                  n == 5 ? "none" : percent(signs, simulations).c_str(),
                  percent(student, simulations).c_str(), percent(bootstrap, simulations).c_str());
    }
  }
}

struct Family {
  std::size_t seeds;
  std::size_t rules;   // compared with the baseline
  std::size_t copies;  // of the baseline, among them
  double effect;       // of the first rule, in standard deviations of a difference
};

// Which decisions were made: any by a rule without an effect, and that of the first if it has one.
struct Decisions {
  bool wrong = false;
  bool found = false;

  void add(bool decided, bool real) { (real ? found : wrong) |= decided; }
};

void print_families(int simulations) {
  std::printf(
      "\n## Decisions of a family at 5 %%, in %%\n\n%d simulations a row; accuracies are normal, and all "
      "rules "
      "are compared with one\nbaseline.\n\n",
      simulations);
  std::printf(
      "| seeds | rules | copies | effect | wrong: uncorrected | Holm | Tarone-Holm | found: Holm | "
      "Tarone-Holm |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  const std::vector<Family> families{{10, 1, 0, 0},  {10, 3, 0, 0}, {10, 3, 1, 0}, {10, 13, 0, 0},
                                     {10, 13, 5, 0}, {6, 3, 2, 2},  {7, 5, 3, 2},  {10, 13, 5, 2}};
  for (const Family& family : families) {
    Rng rng(2, "families", family.seeds * 100 + family.rules * 10 + family.copies);
    int wrong[3] = {0, 0, 0};
    int found[2] = {0, 0};
    for (int i = 0; i < simulations; ++i) {
      const Values baseline = normal_values(rng, family.seeds);
      Values p;
      Values smallest;
      for (std::size_t rule = 0; rule < family.rules; ++rule) {
        Values differences(family.seeds, 0.0);
        const bool copy = rule + family.copies >= family.rules;
        const double effect = rule == 0 ? family.effect * std::sqrt(2.0) : 0;
        for (std::size_t s = 0; s < family.seeds && !copy; ++s)
          differences[s] = effect + rng.normal() - baseline[s];
        p.push_back(sign_flip_test(differences));
        smallest.push_back(smallest_sign_flip_p(differences));
      }
      const Values by_holm = holm(p);
      const auto by_tarone = tarone_holm(p, smallest, 0.05);
      Decisions plain;
      Decisions stepwise;
      Decisions discrete;
      for (std::size_t rule = 0; rule < family.rules; ++rule) {
        const bool real = rule == 0 && family.effect > 0;
        plain.add(p[rule] < 0.05, real);
        stepwise.add(by_holm[rule] < 0.05, real);
        discrete.add(by_tarone[rule].value_or(1) < 0.05, real);
      }
      wrong[0] += plain.wrong ? 1 : 0;
      wrong[1] += stepwise.wrong ? 1 : 0;
      wrong[2] += discrete.wrong ? 1 : 0;
      found[0] += stepwise.found ? 1 : 0;
      found[1] += discrete.found ? 1 : 0;
    }
    const auto text = [&](int hits) { return percent(hits, simulations); };
    std::printf("| %zu | %zu | %zu | %.0f | %s | %s | %s | %s | %s |\n", family.seeds, family.rules,
                family.copies, family.effect, text(wrong[0]).c_str(), text(wrong[1]).c_str(),
                text(wrong[2]).c_str(), family.effect > 0 ? text(found[0]).c_str() : "",
                family.effect > 0 ? text(found[1]).c_str() : "");
  }
}

void print_looks(int simulations) {
  const std::vector<std::size_t> looks{10, 15, 20, 25, 30, 35, 40, 45, 50};
  const Values levels = look_levels(looks);
  std::vector<int> plain(looks.size(), 0);
  std::vector<int> bounded(looks.size(), 0);
  Rng rng(3, "looks");
  for (int i = 0; i < simulations; ++i) {
    const Values values = normal_values(rng, looks.back());
    bool decided = false;
    bool decided_within = false;
    for (std::size_t k = 0; k < looks.size(); ++k) {
      const double p = sign_flip_test(std::span(values).first(looks[k]), coarse);
      decided |= p < 0.05;
      decided_within |= p < levels[k];
      plain[k] += decided ? 1 : 0;
      bounded[k] += decided_within ? 1 : 0;
    }
  }
  std::printf(
      "\n## False decisions by looks after 10, 15, ... seeds, in %%\n\n%d simulations of normal differences "
      "without an effect.\n\n",
      simulations);
  std::printf(
      "| looks up to | level there | p < 0.05 at any look | p below the level at any look "
      "|\n|---|---|---|---|\n");
  for (std::size_t k = 0; k < looks.size(); ++k) {
    std::printf("| %zu | %.5f | %s | %s |\n", looks[k], levels[k], percent(plain[k], simulations).c_str(),
                percent(bounded[k], simulations).c_str());
  }
}

void print_equivalence(int simulations) {
  std::printf(
      "\n## Equivalence claimed at 5 %%, in %%\n\n%d simulations a row; normal differences, the margin in "
      "their "
      "standard deviations.\n\n",
      simulations);
  std::printf(
      "| n | margin | wrongly, difference at the margin | rightly, difference 0 |\n|---|---|---|---|\n");
  for (const std::size_t n : {5, 6, 10, 20}) {
    for (const double margin : {0.5, 1.0, 2.0}) {
      Rng rng(4, "equivalence", 100 * n + static_cast<std::size_t>(10 * margin));
      int wrong = 0;
      int right = 0;
      for (int i = 0; i < simulations; ++i) {
        wrong += equivalence_p(normal_values(rng, n, margin), margin) < 0.05 ? 1 : 0;
        right += equivalence_p(normal_values(rng, n), margin) < 0.05 ? 1 : 0;
      }
      std::printf("| %zu | %.1f | %s | %s |\n", n, margin, percent(wrong, simulations).c_str(),
                  percent(right, simulations).c_str());
    }
  }
}

void print_power(int simulations) {
  std::printf(
      "\n## Power of the sign-flip test at 5 %%, in %%\n\n%d simulations a row; normal differences, their "
      "mean "
      "in standard deviations.\n\n",
      simulations);
  std::printf("| n | mean | sign_flip_power | simulated |\n|---|---|---|---|\n");
  for (const std::size_t n : {6, 7, 8, 10, 15, 20, 30}) {
    for (const double mean : {0.5, 1.0, 1.5}) {
      Rng rng(5, "power", 100 * n + static_cast<std::size_t>(10 * mean));
      int found = 0;
      for (int i = 0; i < simulations; ++i)
        found += sign_flip_test(normal_values(rng, n, mean), coarse) < 0.05 ? 1 : 0;
      std::printf("| %zu | %.1f | %.1f | %s |\n", n, mean, 100 * sign_flip_power(n, mean, 1),
                  percent(found, simulations).c_str());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int simulations = argc > 1 ? std::atoi(argv[1]) : 10'000;
  if (simulations < 1) {
    std::fprintf(stderr, "simulations: found '%s', expected a number above 0\n", argv[1]);
    return 2;
  }
  const std::vector<std::pair<std::string, void (*)(int)>> tables{{"coverage", print_coverage},
                                                                  {"families", print_families},
                                                                  {"looks", print_looks},
                                                                  {"equivalence", print_equivalence},
                                                                  {"power", print_power}};
  bool found = false;
  for (const auto& [name, print] : tables) {
    if (argc > 2 && name != argv[2]) continue;
    print(simulations);
    found = true;
  }
  if (!found) {
    std::fprintf(stderr, "table: found '%s', expected one of coverage, families, looks, equivalence, power\n",
                 argv[2]);
    return 2;
  }
}
