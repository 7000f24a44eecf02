// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A native-messaging host, as browsers start them for their extensions: JSON on standard input and output.
//
// Where to begin reading: host.cpp is the host, and all that one needs; browser.cpp plays the browser to show it.

#include "browser.h"
#include "host.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString word = QCoreApplication::arguments().value(1);
    if (word == "-h" || word == "--help") {
        std::printf(
            "A native-messaging host. Browsers start it with arguments, and it answers messages of\n"
            "JSON on standard input: {\"command\":\"ping\"} and {\"command\":\"echo\",\"text\":\"...\"}.\n"
            "Without arguments it starts itself as a host and shows the conversation.\n");
        return 0;
    }
    if (word.isEmpty())
        return playBrowser();
    Host host;
    return host.start() ? QCoreApplication::exec() : 1;
}
