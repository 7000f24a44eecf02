// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A service whose threads have event loops of this library.

#include <InterprocessQt/EventDispatcher>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QThread>

#include <cstdio>

using namespace InterprocessQt;

//! [main]
int main(int argc, char **argv)
{
    QCoreApplication::setEventDispatcher(new EventDispatcher);
    QCoreApplication application(argc, argv);
    //! [main]

    //! [thread]
    QThread worker;
    worker.setEventDispatcher(new EventDispatcher);
    worker.start();
    //! [thread]

    auto [asker, answerer] = LocalSocket::pair();
    answerer->moveToThread(&worker);
    QObject::connect(answerer.get(), &QIODevice::readyRead, answerer.get(), [answerer = answerer.get()] {
        answerer->write(answerer->readAll().toUpper());
    });
    QObject::connect(asker.get(), &QIODevice::readyRead, &application, [asker = asker.get()] {
        std::printf("%s\n", asker->readAll().constData());
        QCoreApplication::quit();
    });
    asker->write("from one thread to another");

    const int result = QCoreApplication::exec();
    worker.quit();
    worker.wait();
    return result;
}
