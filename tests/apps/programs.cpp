#include "tests/apps/programs.hpp"

namespace test {

const char* const mnist_train_program = SOAP_MNIST_TRAIN;
const char* const plot_program = SOAP_PLOT;
const char* const sweep_program = SOAP_SWEEP;
const char* const weight_transport_program = SOAP_WEIGHT_TRANSPORT;
const char* const faulty_io_library = SOAP_FAULTY_IO;
const char* const few_threads_library = SOAP_FEW_THREADS;

}  // namespace test
