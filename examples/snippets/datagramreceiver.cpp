// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Receives questions and answers them.

//! [program]
#include <InterprocessQt/UnixDatagramSocket>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    //! [receiver]
    UnixDatagramSocket socket;
    QObject::connect(&socket, &UnixDatagramSocket::readyRead, &socket, [&socket] {
        while (const auto question = socket.receive()) {
            if (question->sender().isValid())
                socket.sendTo("Hello, " + question->data(), question->sender());
        }
    });
    if (!socket.bind(QString("greeter"))) {
        std::fprintf(stderr, "%s\n", qPrintable(socket.errorString()));
        return 1;
    }
    //! [receiver]

    //! [sender]
    UnixDatagramSocket asking;
    asking.bind(); // without a name there is no answer
    QObject::connect(&asking, &UnixDatagramSocket::readyRead, &asking, [&asking] {
        std::printf("%s\n", asking.receive()->data().constData());
        QCoreApplication::quit();
    });
    if (!asking.sendTo("World", QString("greeter")))
        std::fprintf(stderr, "%s\n", qPrintable(asking.errorString()));
    //! [sender]
    return application.exec();
}
//! [program]
