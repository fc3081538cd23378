// Which process of a sweep one is, by flags and by the environments of Open MPI and Slurm.
#include "apps/world.hpp"

#include <array>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using Variables = std::map<std::string, std::string>;
using Flags = std::vector<std::string>;

// The variables of an engine and no others, while it lives.
class Environment {
 public:
  explicit Environment(const Variables& variables) {
    for (const char* name : names) ::unsetenv(name);
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const char* name : names) ::unsetenv(name);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  static constexpr std::array names = {
      "OMPI_COMM_WORLD_RANK",   "OMPI_COMM_WORLD_SIZE", "SLURM_NTASKS",         "SLURM_PROCID",
      "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_ID",  "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"};
};

sweep_app::World world(const Variables& variables, const Flags& flags = {}) {
  const Environment environment(variables);
  cxxopts::Options options("sweep");
  options.add_options()("rank", "", cxxopts::value<std::string>())("world-size", "",
                                                                   cxxopts::value<std::string>());
  std::vector<const char*> arguments = {"sweep"};
  for (const auto& flag : flags) arguments.push_back(flag.c_str());
  return sweep_app::world(options.parse(static_cast<int>(arguments.size()), arguments.data()));
}

// "1/3": rank 1 of 3.
std::string place(const Variables& variables, const Flags& flags = {}) {
  const auto found = world(variables, flags);
  return std::to_string(found.rank) + "/" + std::to_string(found.size);
}

void check_refused(const std::string& sentence, const Variables& variables, const Flags& flags = {}) {
  CAPTURE(sentence);
  CHECK_THROWS_WITH_AS(world(variables, flags), doctest::Contains(sentence.c_str()), std::invalid_argument);
}

Variables job(int id, int count, int first, int step) {
  return {{"SLURM_ARRAY_TASK_ID", std::to_string(id)},
          {"SLURM_ARRAY_TASK_COUNT", std::to_string(count)},
          {"SLURM_ARRAY_TASK_MIN", std::to_string(first)},
          {"SLURM_ARRAY_TASK_STEP", std::to_string(step)}};
}

Variables task(int rank, int size) {
  return {{"SLURM_PROCID", std::to_string(rank)}, {"SLURM_NTASKS", std::to_string(size)}};
}

Variables operator+(Variables one, const Variables& other) {
  one.insert(other.begin(), other.end());
  return one;
}

const Variables second_of_mpi = {{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}};

}  // namespace

TEST_CASE("without flags and engines a process is alone") { CHECK(place({}) == "0/1"); }

TEST_CASE("flags come before Open MPI, which comes before Slurm") {
  CHECK(place(task(3, 5)) == "3/5");
  CHECK(place(task(3, 5) + second_of_mpi) == "1/2");
  CHECK(place(task(3, 5) + second_of_mpi, {"--rank", "6", "--world-size", "7"}) == "6/7");
}

TEST_CASE("the jobs of an array have the ranks from 0, wherever its numbers begin and whatever their step") {
  for (int i = 0; i < 4; ++i) {
    CHECK(place(job(i, 4, 0, 1)) == std::to_string(i) + "/4");          // --array=0-3
    CHECK(place(job(1 + i, 4, 1, 1)) == std::to_string(i) + "/4");      // --array=1-4
    CHECK(place(job(3 + 2 * i, 4, 3, 2)) == std::to_string(i) + "/4");  // --array=3-9:2
  }
  // --array=5: one job submitted again does all that is missing.
  CHECK(place(job(5, 1, 5, 1)) == "0/1");
  // --array=1,5,7: ranks may come twice, but all of them lie below the size.
  for (const int id : {1, 5, 7}) CHECK(world(job(id, 3, 1, 1)).rank < 3);
}

TEST_CASE("an array's jobs with several tasks have all ranks once") {
  std::vector<bool> found(6, false);
  for (const int id : {10, 20, 30}) {
    for (int i = 0; i < 2; ++i) {
      const auto one = world(job(id, 3, 10, 10) + task(i, 2));
      REQUIRE(one.size == 6);
      REQUIRE(one.rank >= 0);
      REQUIRE(one.rank < 6);
      CHECK_FALSE(found[static_cast<std::size_t>(one.rank)]);
      found[static_cast<std::size_t>(one.rank)] = true;
    }
  }
}

TEST_CASE("variables that are missing or empty cost a share, not the sweep") {
  // What a batch script without srun has: it does the work of all tasks.
  CHECK(place({{"SLURM_NTASKS", "4"}}) == "0/4");
  CHECK(place({{"SLURM_NTASKS", ""}, {"SLURM_PROCID", ""}}) == "0/1");
  CHECK(place({{"OMPI_COMM_WORLD_SIZE", "2"}}) == "0/2");
  CHECK(place({{"SLURM_PROCID", "0"}}) == "0/1");
  CHECK(place({{"SLURM_ARRAY_TASK_ID", "7"}}) == "0/1");
  CHECK(place({{"SLURM_ARRAY_TASK_COUNT", "3"}}) == "0/3");
  CHECK(place({{"SLURM_ARRAY_TASK_COUNT", "3"}, {"SLURM_ARRAY_TASK_ID", "2"}}) == "2/3");
  CHECK(place({{"OMPI_COMM_WORLD_SIZE", ""}, {"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "2"}}) == "1/2");
}

TEST_CASE("what makes no sense is refused with the name of where it stands") {
  check_refused("--rank: found it without --world-size", {}, {"--rank", "0"});
  check_refused("--world-size: found it without --rank", {}, {"--world-size", "2"});
  // Half a pair of flags is not completed from the environment.
  check_refused("--rank: found it without --world-size", task(1, 2), {"--rank", "0"});
  check_refused("--rank: found rank 2 of 2", {}, {"--rank", "2", "--world-size", "2"});
  check_refused("--rank: found '-1'", {}, {"--rank", "-1", "--world-size", "2"});
  check_refused("--world-size: found '0'", {}, {"--rank", "0", "--world-size", "0"});
  check_refused("--world-size: found 'two'", {}, {"--rank", "0", "--world-size", "two"});
  check_refused("SLURM_PROCID: found rank 3 of 1", {{"SLURM_PROCID", "3"}});
  check_refused("SLURM_PROCID: found rank 2 of 2", task(2, 2));
  check_refused("SLURM_NTASKS: found 'many'", {{"SLURM_NTASKS", "many"}});
  check_refused("OMPI_COMM_WORLD_RANK: found rank 5 of 2",
                {{"OMPI_COMM_WORLD_RANK", "5"}, {"OMPI_COMM_WORLD_SIZE", "2"}});
  check_refused("OMPI_COMM_WORLD_RANK: found rank 0 of 0", {{"OMPI_COMM_WORLD_SIZE", "0"}});
  check_refused("SLURM_ARRAY_TASK_ID: found rank 0 of 0", job(3, 0, 3, 1));
  check_refused("SLURM_ARRAY_TASK_ID: found 2, expected at least the array's first, 3", job(2, 4, 3, 1));
}
