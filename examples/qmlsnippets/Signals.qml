// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

//! [signals]
import QtQml
import InterprocessQt

QtObject {
    id: service

    function reload() {
        console.log("reading the settings again");
    }

    readonly property SignalWatcher watcher: SignalWatcher {
        names: ["SIGHUP", "SIGTERM"]
        onReceived: info => {
            if (info.name === "SIGHUP")
                service.reload();
            else
                Qt.quit();
        }
    }
}
//! [signals]
