// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// The other process of the tests of pipes on Windows. What it is to do is its first argument.

#include "../pipework.h"

#include <qt_windows.h>

using namespace InterprocessQt;

namespace
{

// Writes so many blocks to standard output with the system call alone, and their checksum to standard error.
int produce(qint64 blocks)
{
    QCryptographicHash hash(QCryptographicHash::Md5);
    for (qint64 i = 0; i < blocks; ++i) {
        const QByteArray bytes = PipeWork::block(i);
        hash.addData(bytes);
        DWORD written = 0;
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes.constData(), DWORD(bytes.size()), &written, nullptr) || qsizetype(written) != bytes.size())
            return 3;
    }
    std::fprintf(stderr, "%s\n", hash.result().toHex().constData());
    return 0;
}

// Copies standard input to standard output as programs do that know nothing of overlapped operations.
int copy()
{
    char block[4096];
    DWORD got = 0;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), block, sizeof block, &got, nullptr) && got > 0) {
        DWORD written = 0;
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), block, got, &written, nullptr))
            return 3;
    }
    return 0;
}

// The same, with handles whose numbers it is told.
int copyByNumber(const char *input, const char *output)
{
    SetStdHandle(STD_INPUT_HANDLE, reinterpret_cast<HANDLE>(std::atoll(input)));
    SetStdHandle(STD_OUTPUT_HANDLE, reinterpret_cast<HANDLE>(std::atoll(output)));
    return copy();
}

// Which of these numbers are handles here.
void printOpen(int count, char **numbers)
{
    std::printf("open");
    for (int i = 0; i < count; ++i) {
        DWORD flags = 0;
        if (GetHandleInformation(reinterpret_cast<HANDLE>(std::atoll(numbers[i])), &flags))
            std::printf(" %s", numbers[i]);
    }
    std::printf("\n");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    const QByteArray what = argc > 1 ? argv[1] : "";
    if (what == "produce")
        return produce(std::atoll(argv[2]));
    if (what == "copy")
        return argc > 3 ? copyByNumber(argv[2], argv[3]) : copy();
    if (what == "open") {
        printOpen(argc - 2, argv + 2);
        return 0;
    }
    if (what == "handles") {
        printOpen(argc - 2, argv + 2);
        return PipeWork::useHandles();
    }
    if (what == "wait") // until it is ended
        Sleep(INFINITE);
    const QCoreApplication application(argc, argv);
    if (what == "consume")
        return PipeWork::consume(argc > 2 ? argv[2] : nullptr);
    if (what == "feed")
        return PipeWork::feed(std::atoll(argv[2]));
    if (what == "echo")
        return PipeWork::echo(argc > 2);
    if (what == "brief")
        return PipeWork::brief();
    return 2;
}
