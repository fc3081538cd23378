// Which of the processes that share a sweep this one is.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

#include "soap/linalg/matrix.hpp"

#include "command_line.hpp"

namespace sweep_app {

struct World {
  soap::Index rank = 0;
  soap::Index size = 1;
};

inline std::optional<soap::Index> environment_integer(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return soap::parse_integer(name, text);
}

inline World world_of(const std::string& source, soap::Index rank, soap::Index size) {
  if (size >= 1 && rank >= 0 && rank < size) return {.rank = rank, .size = size};
  throw std::invalid_argument(source + ": found rank " + std::to_string(rank) + " of " +
                              std::to_string(size) + ", expected a rank from 0 and below the size");
}

/// The processes that one mpirun of Open MPI's or one srun of Slurm's started, all by the same command; else
/// one process alone. Throws std::invalid_argument where the environment makes no sense.
inline World tasks_of_one_start() {
  if (const auto size = environment_integer("OMPI_COMM_WORLD_SIZE"))
    return world_of("OMPI_COMM_WORLD_RANK", environment_integer("OMPI_COMM_WORLD_RANK").value_or(0), *size);
  return world_of("SLURM_PROCID", environment_integer("SLURM_PROCID").value_or(0),
                  environment_integer("SLURM_NTASKS").value_or(1));
}

/// Throws std::invalid_argument for one of several processes that is given no folder: each would make its own
/// and do everything that the others do.
inline void check_out_is_given(const cxxopts::ParseResult& given, const World& world) {
  if (world.size == 1 || given.count("out") > 0) return;
  throw std::invalid_argument("--out: found none for rank " + std::to_string(world.rank) + " of " +
                              std::to_string(world.size) +
                              ", expected a folder: without one every rank would do all");
}

/// `--rank` and `--world-size`; else what Open MPI's mpirun says; else Slurm, where the tasks of srun and
/// those of a job array multiply; else one process alone. Throws std::invalid_argument where they make no
/// sense.
inline World world(const cxxopts::ParseResult& given) {
  const bool rank = given.count("rank") > 0;
  if (rank != (given.count("world-size") > 0)) {
    throw std::invalid_argument(std::string(rank ? "--rank" : "--world-size") + ": found it without " +
                                (rank ? "--world-size" : "--rank") + ", expected both or neither");
  }
  if (rank) {
    return world_of("--rank", command_line::integer(given, "rank", 0),
                    command_line::integer(given, "world-size", 1));
  }
  const World task = tasks_of_one_start();
  const auto jobs = environment_integer("SLURM_ARRAY_TASK_COUNT");
  if (!jobs || environment_integer("OMPI_COMM_WORLD_SIZE")) return task;
  const soap::Index first = environment_integer("SLURM_ARRAY_TASK_MIN").value_or(0);
  const soap::Index step = environment_integer("SLURM_ARRAY_TASK_STEP").value_or(1);
  const soap::Index id = environment_integer("SLURM_ARRAY_TASK_ID").value_or(first);
  if (id < first) {
    throw std::invalid_argument("SLURM_ARRAY_TASK_ID: found " + std::to_string(id) +
                                ", expected at least the array's first, " + std::to_string(first));
  }
  // An array such as 1,5,7 has gaps: two jobs may then share a place, which costs no more than a look.
  const soap::Index place = (id - first) / std::max<soap::Index>(step, 1);
  const World job = world_of("SLURM_ARRAY_TASK_ID", *jobs < 1 ? 0 : place % *jobs, *jobs);
  return {.rank = job.rank * task.size + task.rank, .size = job.size * task.size};
}

}  // namespace sweep_app
