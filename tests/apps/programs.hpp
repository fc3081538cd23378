// Where the programs under test are.
#pragma once

namespace test {

extern const char* const mnist_train_program;
extern const char* const plot_program;
extern const char* const sweep_program;
extern const char* const weight_transport_program;
/// Loaded before a program, it fails the calls that a test asks it to.
extern const char* const faulty_io_library;
/// Loaded before a program, it limits its threads.
extern const char* const few_threads_library;

}  // namespace test
