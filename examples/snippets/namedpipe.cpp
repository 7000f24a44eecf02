// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A named pipe of messages, with the rights that it is to have, and a client; both in this process for once. For Windows.

//! [program]
#include <InterprocessQt/NamedPipe>
#include <InterprocessQt/NamedPipeServer>
#include <InterprocessQt/SecurityDescriptor>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    //! [server]
    NamedPipeServer server;
    server.setReceiveMode(NamedPipe::Mode::Messages);
    server.setSendMode(NamedPipe::Mode::Messages);
    //! [rights]
    SecurityDescriptor security; // the user of this process
    security.allow("AU", SecurityDescriptor::ReadRight | SecurityDescriptor::WriteRight); // and all who have logged on
    server.setSecurityDescriptor(security);
    //! [rights]
    QObject::connect(&server, &NamedPipeServer::newConnection, &server, [&server] {
        NamedPipe *client = server.nextPendingConnection();
        QObject::connect(client, &NamedPipe::messagesPending, client, [client] {
            while (const std::optional<QByteArray> question = client->receive())
                client->send("the answer to " + *question);
        });
        QObject::connect(client, &NamedPipe::disconnected, client, &QObject::deleteLater);
    });
    if (!server.listen("service")) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }
    //! [server]

    NamedPipe pipe;
    pipe.setReceiveMode(NamedPipe::Mode::Messages);
    pipe.setSendMode(NamedPipe::Mode::Messages);
    QObject::connect(&pipe, &NamedPipe::messagesPending, &pipe, [&pipe] {
        while (const std::optional<QByteArray> answer = pipe.receive())
            std::printf("%s\n", answer->constData());
        QCoreApplication::quit();
    });
    QObject::connect(&pipe, &NamedPipe::connected, &pipe, [&pipe] {
        pipe.send("question one");
    });
    QObject::connect(&pipe, &NamedPipe::errorOccurred, &pipe, [&pipe] {
        std::fprintf(stderr, "%s\n", qPrintable(pipe.errorString()));
        QCoreApplication::exit(1);
    });
    pipe.connectToServer("service");
    return application.exec();
}
//! [program]
