// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INJECTOR_H
#define INJECTOR_H

#include <QtCore/qglobal.h>

#include <vector>

/*
 * Makes system calls of the library fail.
 *
 * Tests that link this have every call of the library (its object files are part of them) led through wrappers, by the
 * linker's --wrap: those of Qt and of the C library are not touched. A wrapper does what the call does, but for the one
 * that is to be struck.
 *
 * What is counted is shared with children made by fork(), so that what is done between fork() and exec() counts, too.
 */
namespace Injector
{

// One line a call: its name, and the errors that its man page lists, the most telling first. EINTR and EAGAIN come from
// their own lists below, as far as the page has them.
struct Call {
    const char *name;
    const char *page;
    std::vector<int> errors;
    bool transfers = false; // it can also do less than it was asked for
};

[[nodiscard]] const std::vector<Call> &calls();

// Instead of an error: no more than one byte is read or written.
constexpr int OneByte = -1;

struct Fault {
    int call = -1; // its place in calls()
    int nth = 0; // from 1
    int error = 0; // or OneByte
    int times = 1; // so many in succession
};

// From here on calls are counted, and the fault strikes.
void arm(const Fault &fault);
// Every transfer is of one byte.
void armOneByte();
void disarm();

[[nodiscard]] int count(int call); // since it was armed
[[nodiscard]] int total();
[[nodiscard]] bool struck();

// What a test does itself meanwhile, in this thread, is left alone.
class Pause
{
public:
    Pause();
    ~Pause();
    Q_DISABLE_COPY_MOVE(Pause)
};

} // namespace Injector

#endif
