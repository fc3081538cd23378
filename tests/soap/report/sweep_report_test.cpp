#include "soap/report/sweep_report.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/io/csv.hpp"
#include "soap/report/report_folder.hpp"
#include "soap/report/search_space.hpp"
#include "soap/report/sweep_verdict.hpp"

#include "tests/support/program.hpp"
#include "tests/support/says.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_records.hpp"

using soap::summarize_sweep;
using soap::TrialRecord;
using test::says;

namespace {

std::string page(const std::vector<TrialRecord>& records, const std::string& baseline = "bp") {
  return report_page(summarize_sweep({.records = records, .damaged = {}}, {.baseline = baseline}), {});
}

}  // namespace

TEST_CASE("the verdict says what beats what, by how much, with interval, p and seeds") {
  const std::string text = page(test::sweep({"bp", "fa", "dfa"}, 9));
  CHECK(says(text, "The highest mean test accuracy is that of `bp`, 90.50 %"));
  CHECK(says(text, "It is better than `fa` and `dfa`."));
  CHECK(says(text,
             "- `dfa` is **worse** (difference -2.00 points, 95 % interval -2.00 to -2.00, p 0.0039, "
             "corrected 0.0078; 9 seeds)."));
  CHECK(says(text, "Decided is what has a corrected p below 0.0350."));
  CHECK(says(text, "less `bp`:\n\n| method | both at `bp`'s best (lr 0.1) | both where it looks worst | "));
  CHECK(says(text, "| `fa` | -1.00 | -1.00 (lr 0.01) | -1.00 ("));
  CHECK_FALSE(says(text, "could have said either"));
  CHECK(says(text,
             "| `fa` | lr 0.1 | 89.50 ± 0.27 | 89.27 to 89.73 | 89.50 | -1.00 | -1.00 to -1.00 | 0.0039 | "
             "0.0078 | worse | 0 % | 9 | 0 (at most 28 %) |"));
  CHECK(says(text, "- For all alike: sgd, constant, batch 64, "));
  CHECK(says(text, "- Seeds: 1 to 9."));
  CHECK_FALSE(says(text, "What speaks against"));
  CHECK_FALSE(says(text, "With so few seeds"));
}

TEST_CASE("with few seeds the verdict refuses to rank, or says how many it takes") {
  const std::string four = page(test::sweep({"bp", "fa"}, 4));
  CHECK(says(four, "**No ranking.** The methods share 4 judged seeds"));
  CHECK(says(four, "- `fa` cannot be compared: the two share 4 seeds, and 6 are the fewest."));
  CHECK_FALSE(says(four, "highest mean"));
  const std::string six = page(test::sweep({"bp", "fa", "dfa"}, 6));
  CHECK(says(six, "Beside `fa` and `dfa` nothing could have been decided with these seeds."));
  CHECK(says(six, "- `fa` is **not decidable with these seeds** (difference -1.00 points"));
  CHECK(says(six, "cannot be decided, however large the difference: 2 tests at once would take 7 seeds."));
  CHECK_FALSE(says(six, "undecided"));
  // 2/2^n times the tests must be below 0.035: 2/64, 13·2/1024 and, of 91 pairs, 91·2/8192.
  CHECK(soap::seeds_to_decide(1) == 6);
  CHECK(soap::seeds_to_decide(13) == 10);
  CHECK(soap::seeds_to_decide(91) == 13);
  CHECK(soap::seeds_to_decide(1'000'000) == 20);  // as good as it gets
}

TEST_CASE("no baseline and a single method are said") {
  CHECK(says(page(test::sweep({"fa", "dfa"}, 6)), "There is no `bp` among the methods"));
  CHECK(says(page(test::sweep({"fa"}, 6)), "There is one method, `fa`, and nothing to compare it with."));
}

TEST_CASE("of fourteen methods with ten seeds the verdict says nothing twice in different ways") {
  std::vector<std::string> names = {"bp"};
  for (int i = 1; i < 14; ++i) names.push_back(std::string("r").append(std::to_string(i)));
  const std::string text = page(test::sweep(names, 10));
  // 13 times 2/2^10 is below 0.035, 91 times is not.
  CHECK(says(text, "It is better than `r1`, `r2`, "));
  CHECK(says(text, "- `r13` is **worse** (difference -13.00 points"));
  CHECK(says(text, "corrected 0.0254"));
  CHECK_FALSE(says(text, "may be as good"));
  CHECK(says(text,
             "With so few seeds the order of the methods other than `bp` cannot be decided, however large "
             "the difference: 91 tests at once would take 13 seeds."));
  CHECK(says(text, "bold: decided, with p corrected for all pairs at once."));
  CHECK_FALSE(says(text, "**+"));
}

TEST_CASE("a mean that is the highest for want of seeds is not called a win") {
  auto records = test::sweep({"bp", "fa"}, 40);
  std::erase_if(records, [](const TrialRecord& record) {
    return record.setting.validation == 0 && record.setting.options.rule == "bp" &&
           record.setting.options.seed > 6;
  });
  const std::string text = page(records);
  CHECK(says(text, "The highest mean test accuracy is that of `fa`"));
  CHECK(says(text, "But seeds are missing: on those that both have, `bp` is better."));
  CHECK_FALSE(says(text, "It is better than"));
  CHECK(says(text, "- `fa` is **worse** (difference -1.00 points"));
}

TEST_CASE("what too few seeds are is said of the methods that were judged") {
  auto records = test::sweep({"bp", "fa"}, 6);
  std::erase_if(records, [](const TrialRecord& record) {
    return record.setting.validation == 0 && record.setting.options.rule == "fa" &&
           record.setting.options.seed > 4;
  });
  CHECK(says(page(records), "**No ranking.** The methods share 4 judged seeds"));
}

TEST_CASE("a setting for both that could have said either is told, and one method has no differences") {
  auto records = test::sweep({"bp", "fa"}, 6);
  for (TrialRecord& record : records) {
    const bool low = record.setting.options.rule == "fa" && record.setting.options.lr == 0.01;
    if (low) record.judged->accuracy = 0.75;
  }
  const std::string text = page(records);
  CHECK(says(text, "| `fa` | -1.00 | -1.00 (lr 0.1) | +4.65 (lr 0.01) | -1.00 |"));
  CHECK(says(text, "Of `fa` one setting for both could have said either"));
  CHECK_FALSE(says(page(test::sweep({"bp"}, 6)), "less `bp`"));
}

TEST_CASE("what speaks against the numbers stands beside them") {
  auto records = test::sweep({"bp", "fa"}, 6);
  for (TrialRecord& record : records) {
    if (record.setting.options.rule != "fa") continue;
    if (record.setting.options.lr == 0.01) record.setting.options.lr = 0.3;  // 0.1 is now the lowest
    if (record.setting.validation == 0 && record.setting.options.seed == 2) record = test::diverged(record);
  }
  std::erase_if(records, [](const TrialRecord& record) {
    return record.setting.validation == 0 && record.setting.options.rule == "bp" &&
           record.setting.options.seed == 4;
  });
  records.push_back(test::tuned("bp", 3, 1, 0.2));
  const std::string text = page(records);
  CHECK(says(
      text,
      "- The best setting of `fa`, lr 0.1, lies at the edge of what was tried: lr lowest. A better one"));
  CHECK_FALSE(says(text, "--extend"));  // which may have been used
  CHECK(says(text, "- Of `bp`'s 6 judging trials 1 is missing."));
  CHECK(says(text, "- Of `bp`'s 24 tuning trials 5 are missing."));
  CHECK(says(text, "- 1 judging trial of `fa` diverged, and counts as guessing."));
  CHECK(says(text, "- The methods were tuned with different numbers of trials, from 18 to 19"));
  CHECK(says(text, "| 5 of 6 | 0 (at most 45 %) |"));

  auto same = test::sweep({"fa"}, 6);
  for (TrialRecord record : test::sweep({"fa"}, 6)) {
    record.setting.options.rule = "dfa";
    same.push_back(record);
  }
  CHECK(says(page(same), "- `dfa` and `fa` gave the same accuracies with every seed"));
  // All guessing is not the same rule.
  for (TrialRecord& record : same) {
    if (record.setting.validation == 0) record = test::diverged(record);
  }
  CHECK_FALSE(says(page(same), "seem to be the same rule"));
}

TEST_CASE("a method that was judged at other settings than the best one alone is not lost without a word") {
  auto records = test::sweep({"bp", "fa"}, 6);
  for (TrialRecord& record : records) {
    if (record.setting.options.rule == "fa" && record.setting.validation == 0) record.setting.options.lr = 1;
  }
  CHECK(says(
      page(records),
      "- The test set was read in 6 trials of `fa`, and never with the setting that validation chooses"));
}

TEST_CASE("pictures stand in their problem's part, and damaged files at the end") {
  auto records = test::sweep({"bp"}, 2);
  for (TrialRecord record : test::sweep({"bp"}, 2)) {
    record.setting.options.hidden = {7};
    records.push_back(record);
  }
  const auto summary =
      summarize_sweep({.records = records, .damaged = {{.key = "a", .message = "a.json: found nothing"}}});
  const std::string text =
      report_page(summary, {.pictures = {{summary.problems[1].name, "b.png", "Second."}}});
  const auto at = [&](const std::string& words) { return text.find(words); };
  CHECK(at("### Verdict") < at("## " + summary.problems[1].name));
  CHECK(at("## " + summary.problems[1].name) < at("![Second.](b.png)"));
  CHECK(at("![Second.](b.png)") < at("- a.json: found nothing"));
  CHECK(at("- a.json: found nothing") != std::string::npos);
}

TEST_CASE("names that other programs made up are text in a report, whatever they hold") {
  auto records = test::sweep({"bp", "<script>|`x`"}, 6);
  for (TrialRecord& record : records) {
    record.setting.data = "<img src=x>\x1b[2J";
    if (record.setting.options.lr > 0.5) record.setting.options.optimizer = "sgd|<b>*";
  }
  const auto summary = summarize_sweep(
      {.records = records, .damaged = {{.key = "<i>", .message = "<i>.json: found nothing"}}});
  const std::string text = report_page(summary, {.search_spaces = soap::search_spaces(records)});
  CHECK(says(text, "| `` <script>\\|`x` `` |"));
  CHECK(says(text, "&lt;img src=x&gt;\\\\x1b\\[2J"));
  CHECK(says(text, "sgd|&lt;b&gt;\\*"));
  CHECK(says(text, "- &lt;i&gt;.json"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("<img") == std::string::npos);
  CHECK(text.find("<b>") == std::string::npos);
}

TEST_CASE("a report is written from result files alone, and its table reads back") {
  const test::TemporaryFolder out;
  const soap::TrialStore store(out.path());
  for (const auto& record : test::sweep({"bp", "fa"}, 6)) store.save(record);
  soap::write_report(out.path());
  CHECK(says(test::text_of(out.path() / "report" / "report.md"), "# Report of a sweep"));
  const auto table = soap::read_csv(out.path() / "report" / "summary.csv");
  REQUIRE(table.rows() == 2);
  CHECK(table.text(1, table.column("method")) == "fa");
  CHECK(*table.number(1, table.column("lr")) == 0.1);
  CHECK(*table.number(1, table.column("difference")) == doctest::Approx(-0.01));
  CHECK(*table.number(1, table.column("corrected_p")) == doctest::Approx(2.0 / 64));
  CHECK_FALSE(table.number(0, table.column("difference")));
  CHECK(*table.number<std::int64_t>(0, table.column("judged")) == 6);
}

TEST_CASE("what methods share at a seed is said of the settings that were chosen for them") {
  const auto with = [](const std::string& rule, const std::string& initializer, soap::Index batch_size) {
    auto records = test::sweep({rule}, 6);
    for (TrialRecord& record : records) {
      record.setting.options.initializer = initializer;
      record.setting.options.batch_size = batch_size;
    }
    return records;
  };
  const auto page_of = [&](const std::string& initializer, soap::Index batch_size) {
    auto records = with("bp", "xavier_normal", 64);
    const auto others = with("fa", initializer, batch_size);
    records.insert(records.end(), others.begin(), others.end());
    return page(records);
  };
  CHECK(says(page_of("xavier_normal", 64), "Methods share initial weights and minibatches at each seed."));
  const std::string order = "All methods see the examples in the same order at each seed";
  CHECK(says(page_of("xavier_normal", 32), order + ", and share initial weights; their batch sizes differ."));
  CHECK(
      says(page_of("lecun_normal", 64), order + " and in the same minibatches; their initializers differ."));
  CHECK(says(page_of("lecun_normal", 32), order + "; their initializers and batch sizes differ."));
}

TEST_CASE("where a trial diverged there is no interval, and the mean of the others stands beside") {
  auto records = test::sweep({"bp", "fa"}, 10);
  for (TrialRecord& record : records) {
    const auto& options = record.setting.options;
    if (options.rule == "fa" && options.seed == 3 && record.setting.validation == 0)
      record = test::diverged(record);
  }
  const std::string text = page(records);
  // Nine of 0.89 + seed/1000, without seed 3: the mean of the other nine numbers is 52/9 = 5.78.
  CHECK(says(text, "| `fa` | lr 0.1 | 81.62 ± 25.17 |  | 89.53 | 89.58 ± 0.31 |"));
  // 0.394 is the rate at which 1 or fewer of 10 diverge 5 times in 100.
  CHECK(says(text, "| 10 | 1 (at most 39 %) |"));
  CHECK(says(text,
             "- 1 judging trial of `fa` diverged, and counts as guessing. No interval of its mean is given"));
}

TEST_CASE("a later look says so, and has a lower level") {
  const auto records = test::sweep({"bp", "fa"}, 15);
  const std::string name = summarize_sweep({.records = records, .damaged = {}}).problems.front().name;
  const std::string text =
      report_page(summarize_sweep({.records = records, .damaged = {}}, {.looks = {{name, {10}}}}));
  CHECK(says(text, "This is look 2 at these methods: earlier reports had 10 seeds, this one has 15."));
}

TEST_CASE("a table says how many seeds smaller differences would take") {
  auto records = test::sweep({"bp", "fa"}, 10);
  for (TrialRecord& record : records) {
    const auto& options = record.setting.options;
    if (options.rule == "fa" && record.setting.validation == 0)
      record.judged->accuracy = 0.89 + 0.002 * static_cast<double>(options.seed % 3);
  }
  const std::string text = page(records);
  CHECK(says(text, "What more seeds would find"));
  CHECK(says(text, "| seeds for 0.10 | seeds for 0.20 |"));
}
